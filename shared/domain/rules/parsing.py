"""Checks a rule that a client sends, and names each fault by its path, such as `rule.rules.0.value`.

The result is the same rule in its shortest form: without the ids that react-querybuilder adds, and without values that
an operator does not need.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from shared.domain import exact_json
from shared.domain.errors import InvalidData, Problem, as_loggable
from shared.domain.rules import fields, values

type Rule = dict[str, Any]
"""A group of conditions: `combinator`, `not` and `rules`."""

LARGEST_BYTES: Final = 16_000
DEEPEST: Final = 8
MAX_CONDITIONS: Final = 100
MAX_GROUPS: Final = 10
MAX_PROBLEMS: Final = 20

_ADDED: Final = frozenset({"id", "path"})
"""What react-querybuilder adds for itself."""
_OF_GROUP: Final = frozenset({"combinator", "not", "rules"})
_OF_CONDITION: Final = frozenset({"field", "operator", "value", "valueSource"})


def parse(rule: object, path: str = "rule") -> Rule:
    """The rule in its shortest form. Raises InvalidData, which names all faults."""
    if not isinstance(rule, Mapping):
        raise InvalidData.at(path, "must be an object with combinator and rules")
    if len(exact_json.dumps(rule).encode()) > LARGEST_BYTES:
        raise InvalidData.at(path, f"must be at most {LARGEST_BYTES:,} bytes of JSON")
    parser = _Parser([])
    parsed = parser.group(rule, path, 1)
    parser.check_numbers(parsed, path)
    if parser.problems:
        raise _refusal(parser.problems[:MAX_PROBLEMS])
    return parsed


def conditions(rule: Rule) -> Iterator[Rule]:
    """All conditions of a parsed rule."""
    for one in rule["rules"]:
        if "rules" in one:
            yield from conditions(one)
        else:
            yield one


def groups(rule: Rule) -> list[str]:
    """The ids and keys of the groups that a parsed rule mentions, each once."""
    found = (one["value"] for one in conditions(rule) if one["field"] == fields.GROUPS)
    return list(dict.fromkeys(name for value in found for name in (value if isinstance(value, list) else [value])))


def group_paths(rule: Rule, path: str = "rule") -> Iterator[tuple[str, str]]:
    """The same with the path of each."""
    for place, one in enumerate(rule["rules"]):
        here = f"{path}.rules.{place}"
        if "rules" in one:
            yield from group_paths(one, here)
        elif one["field"] == fields.GROUPS and isinstance(one["value"], list):
            yield from ((name, f"{here}.value.{index}") for index, name in enumerate(one["value"]))
        elif one["field"] == fields.GROUPS:
            yield one["value"], f"{here}.value"


def _refusal(problems: list[Problem]) -> InvalidData:
    return InvalidData(
        "; ".join(f"{one['path']}: {one['message']}" for one in problems),
        problems,
        log_message="; ".join(f"{as_loggable(one['path'])}: {one['message']}" for one in problems),
    )


class _Parser(NamedTuple):
    problems: list[Problem]

    def group(self, given: Mapping[str, Any], path: str, depth: int) -> Rule:
        self._check_names(given, _OF_GROUP, path)
        if given.get("combinator") not in ("and", "or"):
            self._refuse(f"{path}.combinator", "must be one of and, or")
        if not isinstance(given.get("not", False), bool):
            self._refuse(f"{path}.not", "must be true or false")
        inner = given.get("rules")
        if not isinstance(inner, list) or not inner:
            self._refuse(f"{path}.rules", "must be a list of at least one condition")
            inner = []
        if depth > DEEPEST:
            self._refuse(path, f"is nested deeper than {DEEPEST} levels")
            inner = []
        rules = [self._one(one, f"{path}.rules.{index}", depth) for index, one in enumerate(inner)]
        return {"combinator": given.get("combinator"), "not": given.get("not", False), "rules": rules}

    def check_numbers(self, parsed: Rule, path: str) -> None:
        if self.problems:
            return
        if sum(1 for _ in conditions(parsed)) > MAX_CONDITIONS:
            self._refuse(path, f"has more than {MAX_CONDITIONS} conditions")
        if len(groups(parsed)) > MAX_GROUPS:
            self._refuse(path, f"mentions more than {MAX_GROUPS} groups")

    def _one(self, given: object, path: str, depth: int) -> Rule:
        if not isinstance(given, Mapping):
            self._refuse(path, "must be a condition or a group of conditions")
            return {}
        return self.group(given, path, depth + 1) if "rules" in given else self._condition(given, path)

    def _condition(self, given: Mapping[str, Any], path: str) -> Rule:
        self._check_names(given, _OF_CONDITION, path)
        field, operator = given.get("field"), given.get("operator")
        kind = fields.type_of(field) if isinstance(field, str) else None
        if kind is None:
            self._refuse(f"{path}.field", "must be an attribute of customers, metadata. and a name, or groups")
        elif not isinstance(operator, str) or operator not in fields.OPERATORS[kind]:
            known = ", ".join(sorted(fields.OPERATORS[kind]))
            self._refuse(f"{path}.operator", f"must be one of {known}")
        elif given.get("valueSource", "value") != "value":
            self._refuse(f"{path}.valueSource", "must be value: fields cannot be compared with each other")
        else:
            return self._typed(str(field), kind, operator, given.get("value"), path)
        return {}

    def _typed(self, field: str, kind: fields.FieldType, operator: str, value: object, path: str) -> Rule:
        condition = {"field": field, "operator": operator}
        if operator in values.WITHOUT_VALUE:
            return condition
        try:
            return {**condition, "value": values.checked(kind, operator, value)}
        except values.ValueFaultError as fault:
            self._refuse(f"{path}.value{fault.place}", str(fault))
            return {}

    def _check_names(self, given: Mapping[str, Any], known: frozenset[str], path: str) -> None:
        for name in given.keys() - known - _ADDED:
            self._refuse(f"{path}.{name}", "Unrecognized field")

    def _refuse(self, path: str, message: str) -> None:
        self.problems.append(Problem(path=path, message=message))
