"""A second, simple implementation of rules, to compare it with the members of groups."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from shared.dynamodb.expressions import Item
from shared.storage.membership_reads import Membership


class Evaluation:
    """Who should be in the automatic groups of a table at one moment."""

    def __init__(self, items: Sequence[Item], now: datetime) -> None:
        live = [item for item in items if "deleted_at" not in item]
        self.groups: dict[str, Item] = {item["id"]: item for item in live if item["SK"] == "GROUP"}
        self.customers: dict[str, Item] = {item["id"]: item for item in live if item["SK"] == "CUSTOMER"}
        memberships = [Membership.of(item) for item in items if "member_group" in item]
        self.members = {(one.group_id, one.customer_id) for one in memberships if one.is_counted}
        self._rules: dict[str, Item] = {item["group_id"]: item for item in items if item["SK"].startswith("RULE#")}
        self._now = now

    def differences(self) -> list[str]:
        """How members differ from rules, and which rules have not been applied."""
        automatic = {group_id: group for group_id, group in self.groups.items() if group.get("rule")}
        waiting = [f"{one} is not applied" for one, group in automatic.items() if group["rule_status"] != "current"]
        return waiting + [
            f"{customer_id} is in {group_id}: {(group_id, customer_id) in self.members}"
            for group_id in automatic
            for customer_id in self.customers
            if self._belongs(group_id, customer_id) != ((group_id, customer_id) in self.members)
        ]

    def _belongs(self, group_id: str, customer_id: str) -> bool:
        if group_id not in self.groups:
            return False
        if not (rule := self.groups[group_id].get("rule")):
            return (group_id, customer_id) in self.members
        stored = self._rules[group_id]
        if customer_id in stored["never"]:
            return False
        return customer_id in stored["always"] or self._meets(rule, customer_id)

    def _meets(self, rule: Mapping[str, Any], customer_id: str) -> bool:
        if "rules" not in rule:
            return self._holds(rule, customer_id)
        found = [self._meets(one, customer_id) for one in rule["rules"]]
        return bool((all(found) if rule["combinator"] == "and" else any(found)) != rule["not"])

    def _holds(self, condition: Mapping[str, Any], customer_id: str) -> bool:
        field, operator, value = condition["field"], condition["operator"], condition["value"]
        customer = self.customers[customer_id]
        if field == "groups":
            inside = any(self._belongs(one, customer_id) for one in ([value] if isinstance(value, str) else value))
            return bool(inside != (operator == "notIn"))
        if field == "last_name":
            return bool(customer["last_name"] == value)
        there = (customer["metadata"] or {}).get(field.removeprefix("metadata."))
        if operator == ">":
            return there is not None and bool(there > value)
        is_recent = there is not None and self._is_in_last(there, int(value))
        return bool(is_recent != (operator == "notInLast"))

    def _is_in_last(self, at: str, days: int) -> bool:
        return self._now - timedelta(days=days) < datetime.fromisoformat(at) <= self._now
