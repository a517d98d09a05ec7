"""Automatic groups in tests: rules as clients send them, and the delivery of events to the functions of rules."""

from collections.abc import Callable
from typing import Any, Final

from operations import event_patterns
from tests import event_sources, jobs
from tests.afterwards import Surroundings, on_queue, on_stream, stream_record
from tests.api import Client, Context, handler
from tests.machine import Machine

GROUPS: Final = "/admin/customer-groups"

type Rule = dict[str, Any]
type Event = dict[str, Any]


def where(field: str, operator: str, value: Any = None) -> Rule:
    """One condition."""
    return {"field": field, "operator": operator, **({} if value is None else {"value": value})}


def every(*conditions: Rule) -> Rule:
    return {"combinator": "and", "not": False, "rules": list(conditions)}


def some(*conditions: Rule) -> Rule:
    return {"combinator": "or", "not": False, "rules": list(conditions)}


def none(*conditions: Rule) -> Rule:
    return {"combinator": "or", "not": True, "rules": list(conditions)}


BIG_SPENDERS: Final = every(where("metadata.total_spent", ">", 1000))


class Rules:
    """Delivers this service's events to `apply_rules`, as EventBridge and SQS do, and runs the jobs of rules."""

    def __init__(self, api: Client, surroundings: Surroundings) -> None:
        self.api = api
        self.surroundings = surroundings
        self.published: list[Event] = []
        self._published: set[str] = set()

    def publish(self) -> list[Event]:
        """The events for the rules' queue that have not been taken before, in order."""
        items = [one for one in self.api.table.items() if one["SK"].startswith("CHANGE#")]
        new = sorted((one for one in items if one["id"] not in self._published), key=lambda one: str(one["id"]))
        self._published.update(one["id"] for one in new)
        assert on_stream("publish_changes", [stream_record(None, one) for one in new]) == []
        patterns = [event_sources.rule(name) for name in ("ChangedCustomers", "ChangedGroups")]
        received = self.surroundings.take("subscriber")
        events = [one for one in received if any(event_patterns.matches(one, pattern) for pattern in patterns)]
        self.published += events
        return events

    def deliver(self, events: list[Event]) -> None:
        assert on_queue("apply_rules", events) == []

    def finish(self, arrange: Callable[[list[Event]], list[Event]] = list) -> None:
        """Deliver events and run jobs until nothing happens any more. `arrange` can reorder and repeat events."""
        while events := self.publish():
            self.deliver(arrange(events))
            self.run_jobs()

    def run_jobs(self) -> list[jobs.Job]:
        """Run the jobs of rules that are pending."""
        found = self.api.get(f"{jobs.JOBS}?limit=100").body["jobs"]
        pending = [one for one in found if one["type"] == "apply_rule" and one["status"] == "pending"]
        for one in reversed(pending):
            Machine().run(one["id"])
        return [jobs.get(self.api, one) for one in pending]

    def let_time_pass(self) -> int:
        """Run the schedule once."""
        return int(handler("judge_due")({}, Context("judge_due"))["judged"])

    def automatic(self, name: str, rule: Rule, **more: Any) -> dict[str, Any]:
        """An automatic group whose rule has been applied."""
        group = self.api.create_group(name, rule=rule, **more)
        self.finish()
        return group
