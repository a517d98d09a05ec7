"""Compiles a parsed rule to a function, so that a thousand rules can be evaluated for each change of a customer.

Text is compared without regard to case. A field without a value meets no condition, except the negations, which are
true exactly where their opposite is false.
"""

from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import Any, Final, NamedTuple

from shared.domain import exact_json, search
from shared.domain.rules import values
from shared.domain.rules.facts import Facts
from shared.domain.rules.fields import GROUPS, METADATA_PREFIX, NEGATIONS, TEXT_PARTS, type_of
from shared.domain.rules.parsing import Rule, conditions

type Test = Callable[[Facts], bool]
type Read = Callable[[Facts], Any]


class Compiled(NamedTuple):
    """A rule that can be evaluated."""

    matches: Test
    changes_at: Callable[[Facts], str | None]
    """The next moment at which the result may change although the customer does not. None if never."""
    reads_metadata: bool
    depends_on_time: bool


def compiled(rule: Rule, group_ids: Mapping[str, str]) -> Compiled:
    """Compile a rule. `group_ids` has the id for each name of a group in the rule."""
    periods = [
        (_read(one["field"], as_moment=True), int(one["value"]))
        for one in conditions(rule)
        if one["operator"] in ("inLast", "notInLast")
    ]
    reads_metadata = any(one["field"].startswith(METADATA_PREFIX) for one in conditions(rule))
    return Compiled(_group(rule, group_ids), partial(_next_change, periods), reads_metadata, bool(periods))


def _next_change(periods: Collection[tuple[Read, int]], facts: Facts) -> str | None:
    """A moment enters the period of the last N days when it comes, and leaves it N days later."""
    found = [_next_end(read(facts), days, facts) for read, days in periods]
    return min((one for one in found if one), default=None)


def _next_end(at: str | None, days: int, facts: Facts) -> str | None:
    if at is None or at > facts.now:
        return at
    return values.shifted(at, days) if at > facts.days_ago(days) else None


def _group(rule: Rule, group_ids: Mapping[str, str]) -> Test:
    tests = [_group(one, group_ids) if "rules" in one else _condition(one, group_ids) for one in rule["rules"]]
    combined = _all_of(tests) if rule["combinator"] == "and" else _any_of(tests)
    return _not(combined) if rule["not"] else combined


def _all_of(tests: list[Test]) -> Test:
    def test(facts: Facts) -> bool:
        for one in tests:  # noqa: SIM110 - half the time of all() with a generator, and this runs for every rule
            if not one(facts):
                return False
        return True

    return test if len(tests) > 1 else tests[0]


def _any_of(tests: list[Test]) -> Test:
    def test(facts: Facts) -> bool:
        for one in tests:  # noqa: SIM110 - as above
            if one(facts):
                return True
        return False

    return test if len(tests) > 1 else tests[0]


def _not(test: Test) -> Test:
    return lambda facts: not test(facts)


def _condition(condition: Rule, group_ids: Mapping[str, str]) -> Test:
    operator = condition["operator"]
    plain = NEGATIONS.get(operator, operator)
    test = _plain(condition["field"], plain, condition.get("value"), group_ids)
    return _not(test) if plain != operator else test


def _plain(field: str, operator: str, value: Any, group_ids: Mapping[str, str]) -> Test:
    if field == GROUPS:
        return _in_groups({group_ids[name] for name in (value if isinstance(value, list) else [value])})
    if operator in ("=", "in"):
        return _equal(field, value if operator == "in" else [value])
    if operator == "notNull":
        read = _read(field)
        return lambda facts: read(facts) is not None
    if operator == "inLast":
        return _in_last(_read(field, as_moment=True), value)
    if operator in TEXT_PARTS:
        return _text_part(_read_folded(field), _TEXT_TESTS[operator], search.fold(value))
    low, high = value if operator == "between" else (value, None)
    return _ordered(field, low, _ORDER_TESTS[operator] if high is None else lambda there, _: bool(low <= there <= high))


def _in_groups(wanted: Collection[str]) -> Test:
    return lambda facts: any(one in facts.groups for one in wanted)


def _in_last(read: Read, days: int) -> Test:
    def test(facts: Facts) -> bool:
        at = read(facts)
        return at is not None and facts.days_ago(days) < at <= facts.now

    return test


def _equal(field: str, wanted: list[Any]) -> Test:
    """Values are equal if they have the same type: a text is no number."""
    if type_of(field) == "moment":
        read = _read(field)
        return lambda facts: read(facts) in wanted
    read, known = _read_folded(field), {_comparable(one) for one in wanted}
    return lambda facts: _comparable(read(facts)) in known


def _comparable(value: Any) -> Any:
    if isinstance(value, str):
        return search.fold(value)
    if isinstance(value, bool | None):
        return f"\x00{value}"  # a text that no value has, because True equals 1
    return value if values.is_number(value) else exact_json.dumps(value)


def _text_part(read: Read, test: Callable[[str, str], bool], wanted: str) -> Test:
    def compare(facts: Facts) -> bool:
        there = read(facts)
        if isinstance(there, str):
            return test(there, wanted)
        return isinstance(there, list) and any(isinstance(one, str) and search.fold(one) == wanted for one in there)

    return compare


def _ordered(field: str, wanted: Any, test: Callable[[Any, Any], bool]) -> Test:
    """A field that holds another type than the wanted value is neither less nor greater."""
    if values.is_number(wanted):
        read = _read(field)

        def compare_numbers(facts: Facts) -> bool:
            there = read(facts)
            return values.is_number(there) and test(there, wanted)

        return compare_numbers
    read_moment = _read(field, as_moment=True)

    def compare_moments(facts: Facts) -> bool:
        there = read_moment(facts)
        return there is not None and test(there, wanted)

    return compare_moments


def _read(field: str, *, as_moment: bool = False) -> Read:
    if field.startswith(METADATA_PREFIX):
        path = field.removeprefix(METADATA_PREFIX)
        if as_moment:
            return lambda facts: values.moment(facts.metadata(path))
        return lambda facts: facts.metadata(path)
    return lambda facts: facts.record.get(field)


def _read_folded(field: str) -> Read:
    if field.startswith(METADATA_PREFIX):
        path = field.removeprefix(METADATA_PREFIX)
        return lambda facts: facts.folded(facts.metadata(path))
    return lambda facts: facts.folded(facts.record.get(field))


_TEXT_TESTS: Final[Mapping[str, Callable[[str, str], bool]]] = {
    "contains": lambda there, wanted: wanted in there,
    "beginsWith": str.startswith,
    "endsWith": str.endswith,
}
_ORDER_TESTS: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "<": lambda there, wanted: bool(there < wanted),
    "<=": lambda there, wanted: bool(there <= wanted),
    ">": lambda there, wanted: bool(there > wanted),
    ">=": lambda there, wanted: bool(there >= wanted),
}
