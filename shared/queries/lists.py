"""The queries of lists, and the listings that they ask for."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, ClassVar, Final

from pydantic import AfterValidator, Field, StringConstraints

from shared import clock, paging, search, wire
from shared.errors import InvalidData
from shared.models import Cursor, Model, printable
from shared.storage import table
from shared.storage.lists import Filters, Listing, Order, Page, Span
from shared.storage.records import Kind

MOST_VALUES: Final = 1_000
MOST_WORDS: Final = 50
"""Each is a comparison in one expression of DynamoDB, which holds 4 kB."""
MILLISECOND: Final = timedelta(milliseconds=1)


def _moment(text: str) -> str:
    """Checks that it is a moment. The text stays what it is: only a range needs the moment itself."""
    try:
        _after(text)
    except (ValueError, OverflowError):
        raise ValueError("must be a date and time in ISO 8601") from None
    return text


def _not_too_many(query: str) -> str:
    if len(search.words(query)) > MOST_WORDS:
        raise ValueError(f"must have at most {MOST_WORDS} words")
    return query


def _parse(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


Words = Annotated[
    str,
    StringConstraints(max_length=255),
    AfterValidator(printable),
    AfterValidator(_not_too_many),
    Field(description=f"Every word must occur in the searched text; at most {MOST_WORDS} words."),
]
Values = list[Annotated[str, StringConstraints(max_length=1_024)]]
"""Not annotated as a whole: Powertools would not see the list in it and take the first value alone."""
Moment = Annotated[str, StringConstraints(max_length=64), AfterValidator(_moment)]


class ListQuery(Model):
    """What every list understands."""

    kind: ClassVar[Kind]

    limit: Annotated[int, Field(ge=0, le=1_000)] = 50
    offset: Annotated[int, Field(ge=0, le=10_000, description="Beyond, use `cursor`.")] = 0
    cursor: Cursor | None = None
    q: Words | None = None
    id: Values | None = None
    created_by: Values | None = None
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
        """The listing that is asked for. Raises InvalidData for a cursor of another query."""
        if self.cursor and self.offset:
            raise InvalidData.at("offset", "cannot be combined with cursor")
        return Listing(
            kind=self.kind,
            order=self._order(),
            filters=self._filters(),
            offset=self.offset,
            limit=self.limit,
            after=paging.decode(self.cursor, self._signature(members_of)) if self.cursor else None,
            members_of=members_of,
        )

    def answer(
        self, name: str, page: Page, views: list[dict[str, Any]], members_of: str | None = None
    ) -> dict[str, Any]:
        """The answer's body for a page that `listing` led to."""
        following = page.next_position
        return {
            name: views,
            "count": page.count,
            **({} if page.count_is_exact else {"count_is_exact": False}),
            "offset": self.offset,
            "limit": self.limit,
            "next_cursor": paging.encode(following, self._signature(members_of)) if following else None,
        }

    def _order(self) -> Order:
        written: str = getattr(self, "order", None) or "created_at"
        return Order(written.removeprefix("-"), descending=written.startswith("-"))

    def _filters(self) -> Filters:
        return Filters(
            ids=_several("id", self.id),
            names=_several("name", self._names()),
            related=_several("relation", self._related()),
            created=self._span("created_at"),
            updated=self._span("updated_at"),
            created_by=_several("created_by", self.created_by, table.MOST_COMPARED),
            has_account=getattr(self, "has_account", None),
            words=tuple(search.words(self.q or "")),
        )

    def _names(self) -> list[str] | None:
        raise NotImplementedError

    def _related(self) -> list[str] | None:
        raise NotImplementedError

    def _span(self, name: str) -> Span | None:
        """The moments that all bounds of a field leave, as texts: from the first one allowed to the first one not."""
        bounds = {operator: getattr(self, f"{name}_{operator}") for operator in ("eq", "gte", "gt", "lte", "lt")}
        equal = [text for text in (getattr(self, name), bounds["eq"]) if text]
        starts = [_from(text) for text in (bounds["gte"], *equal) if text]
        starts += [_after(text) for text in (bounds["gt"],) if text]
        ends = [_after(text) for text in (bounds["lte"], *equal) if text]
        ends += [_from(text) for text in (bounds["lt"],) if text]
        return Span(max(starts, default=None), min(ends, default=None)) if starts or ends else None

    def _signature(self, members_of: str | None) -> str:
        """What tells this query from another, apart from which page of it is asked for and what is shown."""
        asked = self.model_dump(exclude={"fields", "limit", "offset", "cursor"}, exclude_none=True)
        return wire.dumps([self.kind.list, members_of, sorted(asked.items())])


def _from(text: str) -> str:
    """The first millisecond at or after the moment."""
    moment = _parse(text)
    return clock.iso(moment if moment.microsecond % 1_000 == 0 else moment + MILLISECOND)


def _after(text: str) -> str:
    """The first millisecond after the moment."""
    return clock.iso(_parse(text) + MILLISECOND)


def _several(name: str, values: list[str] | None, most: int = MOST_VALUES) -> tuple[str, ...] | None:
    """The distinct values of a filter. Raises InvalidData if there are too many."""
    if values is None:
        return None
    distinct = tuple(dict.fromkeys(values))
    if len(distinct) > most:
        raise InvalidData.at(name, f"takes at most {most} values")
    return distinct
