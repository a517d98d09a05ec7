"""Concurrent users of the same groups and customers. Their responses are compared with the table.

Each step has its own actor, so the changes show which steps took effect: an acknowledged step exactly
once, a refused step never, and a step with an unknown result (`Unavailable`) at most once.
"""

import random
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final, Literal, NamedTuple
from unittest import mock

from shared.domain.errors import ApiError
from shared.domain.ids import CustomerId, GroupId
from shared.dynamodb import transactions
from shared.dynamodb.actions import Action
from shared.storage import copies, customers, groups, journal, memberships, purge, references, sources
from shared.storage.references import Use
from shared.storage.state import State
from tests.concurrency import automatic, checks, for_a_time
from tests.table import Table

type OwnVerb = Literal[
    "create", "rename", "merge", "replace", "delete", "add", "remove", "join", "leave",
    "upsert", "rekey", "upsert customer", "rekey customer", "rely", "rely no more", "sync use", "delete by force",
    "create customer", "update customer", "delete customer", "sync customer", "sync deletion", "purge", "refresh",
]  # fmt: skip
type Verb = OwnVerb | automatic.Verb | for_a_time.Verb

VERBS: Final[tuple[Verb, ...]] = (*OwnVerb.__value__.__args__, *automatic.Verb.__value__.__args__)
TERM_VERBS: Final[tuple[Verb, ...]] = (
    *for_a_time.Verb.__value__.__args__, *for_a_time.Verb.__value__.__args__, "add", "remove", "leave",
    "delete", "purge", "delete customer", "create customer", "sync deletion", "refresh", "automate", "deliver",
)  # fmt: skip
"""The steps that matter to memberships that begin and end."""
_AUTOMATIC_VERBS: Final[tuple[Verb, ...]] = automatic.Verb.__value__.__args__
RULE_VERBS: Final[tuple[Verb, ...]] = (
    *_AUTOMATIC_VERBS, *_AUTOMATIC_VERBS, "automate", "spend", "spend", "deliver", "deliver", "deliver", "apply rule",
    "join", "leave", "delete by force", "purge",
    "create customer", "delete customer", "sync customer", "sync deletion",
)  # fmt: skip
"""The steps that matter to automatic groups. Some are more frequent than others."""
NAMES: Final = ("VIP", "vip ", "Wholesale", "Café", "CAFÉ", "Retail partners of the north")
OWN_KEYS: Final = ("vip", "retail-de", "erp-7")
FRESH_GROUPS: Final = 3
FRESH_CUSTOMERS: Final = 5
SURNAMES: Final = ("Lovelace", "Byron", "Hopper", "Murray", "Curie", "Skłodowska", "Noether")
SOURCE_STATES: Final = 30
"""The number of states of a customer that other systems send, in any order."""
SHARE_OVERTAKEN: Final = 0.5
MAX_OVERTAKING: Final = 3
DEEPEST_OVERTAKING: Final = 2
SOME: Final = 4
"""The most ids of one step."""


class Step(NamedTuple):
    """One step of a user. The numbers select from the existing groups and customers."""

    verb: Verb
    which: int
    others: tuple[int, ...]


def random_step(dice: random.Random, verbs: Sequence[Verb] = VERBS) -> Step:
    others = tuple(dice.randrange(1_000) for _ in range(dice.randint(1, SOME)))
    return Step(dice.choice(verbs), dice.randrange(1_000), others)


@dataclass
class CallResult:
    """The result of a step, as its caller sees it."""

    actor: str
    step: Step
    result: Any = None
    refusal: ApiError | None = None


@dataclass
class World:
    """The groups and customers that the steps select from, live or deleted."""

    table: Table
    fresh_groups: int = FRESH_GROUPS
    fresh_customers: int = FRESH_CUSTOMERS
    group_ids: list[GroupId] = field(default_factory=list)
    customer_ids: list[CustomerId] = field(default_factory=list)
    calls: list[CallResult] = field(default_factory=list)
    uses: list[tuple[GroupId, Use]] = field(default_factory=list)
    """What relies on which group, whether it was registered, refused or taken back."""
    perhaps_taken_back: set[tuple[str, str]] = field(default_factory=set)
    delivered: set[str] = field(default_factory=set)
    """The changes whose events were delivered to the rules."""

    def __post_init__(self) -> None:
        for number in range(self.fresh_groups):
            self.group_ids.append(groups.create(f"Group {number}", {"number": number}, "founder")["id"])
        for number in range(self.fresh_customers):
            self.customer_ids.append(customers.create(profile(f"person{number}@mail.example"), "founder")["id"])

    def run(self, scripts: Sequence[Sequence[Step]]) -> None:
        """Run each script in a thread, all at the same time."""
        barrier = threading.Barrier(len(scripts))
        crashed: list[BaseException] = []

        def carry_out(person: int, script: Sequence[Step]) -> None:
            barrier.wait()
            try:
                for place, step in enumerate(script):
                    self._do(f"{len(self.calls)}.{person}.{place}.{random.random()}", step)
            except BaseException as error:  # noqa: BLE001 - raised again in the test
                crashed.append(error)

        threads = [threading.Thread(target=carry_out, args=one) for one in enumerate(scripts)]
        with automatic.machines():
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        if crashed:
            raise crashed[0]

    def run_overtaken(self, steps: int, dice: random.Random, verbs: Sequence[Verb]) -> None:
        """Run random steps in one thread. Before any of its writes, a step can be overtaken by whole other steps.

        So everything can happen between a read and its write, and a seed always plays the same.
        """
        transact, depth = transactions.transact, 0

        def overtaken(writes: Sequence[Action]) -> None:
            nonlocal depth
            if depth < DEEPEST_OVERTAKING and dice.random() < SHARE_OVERTAKEN:
                depth += 1
                for _ in range(dice.randint(1, MAX_OVERTAKING)):
                    do()
                depth -= 1
            transact(writes)

        def do() -> None:
            with automatic.clock_ahead(timedelta()):
                self._do(f"{len(self.calls)}.overtaken", random_step(dice, verbs))

        with automatic.machines(), mock.patch.object(transactions, "transact", overtaken):
            for _ in range(steps):
                do()

    def find_unacknowledged(self) -> None:
        """Add the groups and customers that were created although the response was lost."""
        for item in self.table.items():
            known: Any = {"GROUP": self.group_ids, "CUSTOMER": self.customer_ids}.get(item["SK"], [item.get("id")])
            if item.get("id") not in known:
                known.append(item["id"])

    def run_stream_workers(self) -> None:
        """Run the functions on the stream after all steps."""
        for group_id in self.group_ids:
            purge.purge_group(group_id, lambda: True)
        for customer_id in self.customer_ids:
            copies.refresh(customer_id)
        for item in self.table.items():
            if item["SK"].startswith("CHANGE#") and journal.is_of_members(item):
                journal.record(item)

    def check(self) -> None:
        """Assert that the table is consistent and all results are correct."""
        checks.check(self)

    def _do(self, actor: str, step: Step) -> None:
        call = CallResult(actor, step)
        self.calls.append(call)
        try:
            call.result = _ACTIONS[step.verb](self, actor, step)
        except ApiError as refusal:
            call.refusal = refusal

    def group(self, number: int) -> GroupId:
        return self.group_ids[number % len(self.group_ids)]

    def customer(self, number: int) -> CustomerId:
        return self.customer_ids[number % len(self.customer_ids)]

    def create(self, actor: str, step: Step) -> Any:
        made = groups.create(NAMES[step.which % len(NAMES)].strip(), None, actor)
        self.group_ids.append(made["id"])
        return made

    def create_customer(self, actor: str, step: Step) -> Any:
        email = None if step.which % 3 == 0 else f"person{step.which % 8}@mail.example"
        made = customers.create(profile(email), actor)
        self.customer_ids.append(made["id"])
        return made

    def upsert(self, actor: str, step: Step) -> Any:
        given = {"name": NAMES[step.others[0] % len(NAMES)].strip(), "metadata": {"asked": step.others[0] % 2}}
        group, result = groups.upsert(own_key(step.which), given, actor)
        self.group_ids.append(group["id"])
        return group, result

    def upsert_customer(self, actor: str, step: Step) -> Any:
        given = {"email": f"person{step.others[0] % 12}@mail.example", "first_name": str(step.others[0] % 2)}
        customer, result = customers.upsert(own_key(step.which), given, actor)
        self.customer_ids.append(customer["id"])
        return customer, result

    def change_members(self, actor: str, step: Step, *, add: bool) -> Any:
        ids = list(dict.fromkeys(self.customer(one) for one in step.others))
        return memberships.change_members(self.group(step.which), *((ids, []) if add else ([], ids)), actor)

    def change_groups(self, actor: str, step: Step, *, add: bool) -> Any:
        ids = list(dict.fromkeys(self.group(one) for one in step.others))
        return memberships.change_groups(self.customer(step.which), *((ids, []) if add else ([], ids)), actor)


def own_key(number: int) -> str:
    return OWN_KEYS[number % len(OWN_KEYS)]


def profile(email: str | None) -> dict[str, Any]:
    nothing = dict.fromkeys(("first_name", "last_name", "company_name", "phone", "metadata"))
    return {**nothing, "email": email, "has_account": False}


def _update_customer(world: World, actor: str, step: Step) -> Any:
    values = {"email": f"person{step.others[0] % 12}@mail.example", "first_name": actor}
    return customers.update(world.customer(step.which), values, actor)


def _sync_customer(world: World, actor: str, step: Step) -> None:
    values = {"first_name": None, "last_name": SURNAMES[step.others[0] % len(SURNAMES)]}
    sources.upsert(world.customer(step.which), values, _state(actor, step))


def _sync_deletion(world: World, actor: str, step: Step) -> None:
    sources.remove(world.customer(step.which), _state(actor, step))


def _rely(world: World, actor: str, step: Step) -> tuple[GroupId, str]:
    group_id, use = world.group(step.which), Use("pricing", actor)
    world.uses.append((group_id, use))
    references.put(group_id, use, "A rule", None, actor)
    return group_id, use.id


def _rely_no_more(world: World, _: str, step: Step) -> tuple[GroupId, str]:
    group_id, use = world.uses[step.which % len(world.uses)] if world.uses else (world.group(0), Use("pricing", "x"))
    world.perhaps_taken_back.add((group_id, use.id))
    references.remove(group_id, use)
    return group_id, use.id


def _sync_use(world: World, actor: str, step: Step) -> None:
    """Another system sends events about one use of a group, which is added and removed."""
    group_id, use = world.group(step.which), Use("shipping", "the-same")
    if step.others[0] % 2:
        references.apply_addition(group_id, use, "A zone", None, _state(actor, step))
    else:
        references.apply_removal(group_id, use, _state(actor, step))


def _state(actor: str, step: Step) -> State:
    return State(actor, step.others[-1] % SOURCE_STATES)


def _purge(world: World, _: str, step: Step) -> Any:
    return purge.purge_group(world.group(step.which), lambda: True)


def _refresh(world: World, _: str, step: Step) -> None:
    # Lambda redelivers the record, and the end of the test refreshes too.
    with suppress(ApiError):
        copies.refresh(world.customer(step.which))


_ACTIONS: Final[dict[str, Callable[[World, str, Step], Any]]] = {
    "create": World.create,
    "rename": lambda world, actor, step: groups.update(
        world.group(step.which), {"name": NAMES[step.others[0] % len(NAMES)].strip()}, actor
    ),
    "merge": lambda world, actor, step: groups.update(world.group(step.which), {"metadata": {actor: True}}, actor),
    "replace": lambda world, actor, step: groups.replace_metadata(world.group(step.which), {"only": actor}, actor),
    "delete": lambda world, actor, step: groups.delete(world.group(step.which), actor),
    "add": lambda world, actor, step: world.change_members(actor, step, add=True),
    "remove": lambda world, actor, step: world.change_members(actor, step, add=False),
    "join": lambda world, actor, step: world.change_groups(actor, step, add=True),
    "leave": lambda world, actor, step: world.change_groups(actor, step, add=False),
    "upsert": World.upsert,
    "rekey": lambda world, actor, step: groups.update(
        world.group(step.which), {"key": [None, *OWN_KEYS][step.others[0] % 4]}, actor
    ),
    "upsert customer": World.upsert_customer,
    "rekey customer": lambda world, actor, step: customers.update(
        world.customer(step.which), {"key": [None, *OWN_KEYS][step.others[0] % 4]}, actor
    ),
    "rely": _rely,
    "rely no more": _rely_no_more,
    "sync use": _sync_use,
    "delete by force": lambda world, actor, step: groups.delete(world.group(step.which), actor, is_forced=True),
    "create customer": World.create_customer,
    "update customer": _update_customer,
    "delete customer": lambda world, actor, step: customers.delete(world.customer(step.which), actor),
    "sync customer": _sync_customer,
    "sync deletion": _sync_deletion,
    "purge": _purge,
    "refresh": _refresh,
    **automatic.ACTIONS,
    **for_a_time.ACTIONS,
}
