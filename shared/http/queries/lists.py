"""The query parameters that all lists have, and the listings made from them."""

from collections.abc import Iterable
from typing import Annotated, Any, ClassVar, Final

from pydantic import AfterValidator, Field, StringConstraints

from shared.domain import exact_json, ids, moments, search
from shared.domain.errors import InvalidData
from shared.domain.filters import Filters, Span
from shared.domain.values import Model, printable
from shared.dynamodb.expressions import MAX_COMPARED
from shared.http import cursors, fields
from shared.http.cursors import Cursor
from shared.http.queries.parameters import Moment, Values, at_most, moment_after
from shared.storage.kind import Kind
from shared.storage.lists import Listing, Order, Page

MAX_IDS: Final = 200
MAX_NAMES: Final = 50
MAX_RELATED: Final = 4
"""More would exceed the read budget of a request."""
MAX_PAIRS: Final = 170
"""The most pairs of a named record and a group or customer. Each pair is read, as is each record."""
MAX_WORDS: Final = 50
"""Each word is a comparison in an expression, which DynamoDB limits to 4 kB."""


def _not_too_many(query: str) -> str:
    if len(search.distinct_words(query)) > MAX_WORDS:
        raise ValueError(f"must have at most {MAX_WORDS} words")
    return query


Words = Annotated[
    str,
    StringConstraints(max_length=255),
    AfterValidator(printable),
    AfterValidator(_not_too_many),
    Field(description=f"Every word must occur in the searched text; at most {MAX_WORDS} words."),
]
IdValues = list[str]
"""Any text is allowed: one that cannot be an id matches nothing."""
IDS: Final = (
    f"Ids, or `key:` and own keys, at most {MAX_NAMES} of these. Their number times that of the related groups or"
    f" customers is at most {MAX_PAIRS}; an own key counts as two."
)


class ListQuery(Model):
    """The parameters that every list has."""

    kind: ClassVar[Kind]
    shape: ClassVar[fields.Shape]
    relations: ClassVar[tuple[str, ...]] = ()
    """The parameters that filter by a relation."""
    name_parameter: ClassVar[str]
    """The parameter that filters by exact names."""

    limit: Annotated[int, Field(ge=0, le=1_000)] = 50
    offset: Annotated[int, Field(ge=0, le=10_000, description="Beyond 10,000, use `cursor`.")] = 0
    cursor: Cursor | None = None
    q: Words | None = None
    id: Annotated[IdValues | None, at_most(MAX_IDS, IDS)] = None
    created_by: Annotated[Values | None, at_most(MAX_COMPARED)] = None
    created_at: Moment | None = None
    created_at_eq: Annotated[Moment | None, Field(alias="created_at[$eq]")] = None
    created_at_gte: Annotated[Moment | None, Field(alias="created_at[$gte]")] = None
    created_at_gt: Annotated[Moment | None, Field(alias="created_at[$gt]")] = None
    created_at_lte: Annotated[Moment | None, Field(alias="created_at[$lte]")] = None
    created_at_lt: Annotated[Moment | None, Field(alias="created_at[$lt]")] = None
    updated_at: Moment | None = None
    updated_at_eq: Annotated[Moment | None, Field(alias="updated_at[$eq]")] = None
    updated_at_gte: Annotated[Moment | None, Field(alias="updated_at[$gte]")] = None
    updated_at_gt: Annotated[Moment | None, Field(alias="updated_at[$gt]")] = None
    updated_at_lte: Annotated[Moment | None, Field(alias="updated_at[$lte]")] = None
    updated_at_lt: Annotated[Moment | None, Field(alias="updated_at[$lt]")] = None

    def listing(self, members_of: str | None = None) -> Listing:
        """The listing for this query. Raises InvalidData for a cursor of another query."""
        if self.cursor and self.offset:
            raise InvalidData.at("offset", "cannot be combined with cursor")
        return Listing(
            kind=self.kind,
            order=self._order(),
            filters=self._filters(members_of),
            offset=self.offset,
            limit=self.limit,
            after=cursors.decode(self.cursor, self._signature(members_of)) if self.cursor else None,
            members_of=members_of,
            membership=getattr(self, "membership", "active"),
            with_metadata="metadata" in self._selection().attributes,
        )

    def answer(
        self, name: str, page: Page, views: list[dict[str, Any]], members_of: str | None = None
    ) -> dict[str, Any]:
        """The answer for a page."""
        following = page.next_position
        return {
            name: views,
            "count": page.count,
            **({} if page.count_is_exact else {"count_is_exact": False}),
            "offset": self.offset,
            "limit": self.limit,
            "next_cursor": cursors.encode(following, self._signature(members_of)) if following else None,
        }

    def _selection(self) -> fields.Selection:
        return fields.parse(getattr(self, "fields", None), self.shape)

    def _order(self) -> Order:
        written: str = getattr(self, "order", None) or "created_at"
        return Order(written.removeprefix("-"), descending=written.startswith("-"))

    def _filters(self, members_of: str | None) -> Filters:
        named = _several("id", self.id, MAX_IDS)
        names = _several(self.name_parameter, self._names(), MAX_NAMES)
        related = _several("".join(self.relations), self._related(), MAX_RELATED)
        keyed = _keyed(named or ())
        if related or members_of:
            self._refuse_too_many(len(related or (1,)), len(named or ()), keyed, len(names or ()))
        return Filters(
            ids=named,
            names=names,
            related=related,
            created=self._span("created_at"),
            updated=self._span("updated_at"),
            created_by=_several("created_by", self.created_by, MAX_COMPARED),
            has_account=getattr(self, "has_account", None),
            words=self.kind.search.words(self.q or ""),
        )

    def _refuse_too_many(self, related: int, named: int, keyed: int, names: int) -> None:
        """Raises InvalidData for more ids or names than can be looked up among so many groups or customers.

        An own key is read before its record. An e-mail address can be that of two customers.
        """
        most = MAX_PAIRS // related
        beside = f"if `{self.relations[0]}` has {related}" if self.relations else "among the members of a group"
        if named + keyed > most:
            raise InvalidData.at("id", f"takes at most {most} values {beside}; an own key counts as two")
        if 2 * names > most:
            raise InvalidData.at(self.name_parameter, f"takes at most {most // 2} values {beside}")

    def _names(self) -> list[str] | None:
        raise NotImplementedError

    def _related(self) -> list[str] | None:
        raise NotImplementedError

    def _span(self, name: str) -> Span | None:
        """The span that meets all bounds of a field: from the first time included to the first time excluded."""
        bounds = {operator: getattr(self, f"{name}_{operator}") for operator in ("eq", "gte", "gt", "lte", "lt")}
        equal = [text for text in (getattr(self, name), bounds["eq"]) if text]
        starts = [moments.rounded_up(text) for text in (bounds["gte"], *equal) if text]
        starts += [moment_after(text) for text in (bounds["gt"],) if text]
        ends = [moment_after(text) for text in (bounds["lte"], *equal) if text]
        ends += [moments.rounded_up(text) for text in (bounds["lt"],) if text]
        return Span(max(starts, default=None), min(ends, default=None)) if starts or ends else None

    def _signature(self, members_of: str | None) -> str:
        """Identifies the query, independent of the page and the selected fields."""
        parameters = self.model_dump(exclude={"fields", "limit", "offset", "cursor"}, exclude_none=True)
        return exact_json.dumps([self.kind.list, members_of, sorted(parameters.items())])


def _keyed(names: Iterable[str]) -> int:
    """The number of records that are given by own keys. Raises InvalidData if there are too many to look up."""
    number = sum(1 for one in names if ids.own_key(one))
    if number > MAX_NAMES:
        raise InvalidData.at("id", f"takes at most {MAX_NAMES} own keys")
    return number


def _several(name: str, values: list[str] | None, limit: int) -> tuple[str, ...] | None:
    """The distinct values of a filter. Raises InvalidData if there are too many."""
    if values is None:
        return None
    distinct = tuple(dict.fromkeys(values))
    if len(distinct) > limit:
        raise InvalidData.at(name, f"takes at most {limit} values")
    return distinct
