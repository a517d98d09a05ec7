"""Several people at the same few groups and customers, at once, and what they were told afterwards held to the table.

Each step acts under a name of its own. So the changes tell which steps took effect: one that was acknowledged exactly
once, one that was refused never, one that was left in the dark (`Unavailable`) at most once.
"""

import random
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final, Literal, NamedTuple

from operations import consistency
from shared.errors import ApiError, TooManyRequests, Unavailable
from shared.storage import copies, customers, groups, memberships, purge
from shared.storage.kinds import CUSTOMER, GROUP
from tests.table import Table

type Verb = Literal[
    "create", "rename", "merge", "replace", "delete", "add", "remove", "join", "leave",
    "create customer", "update customer", "delete customer", "purge", "refresh",
]  # fmt: skip
type Ids = list[str]

VERBS: Final[tuple[Verb, ...]] = Verb.__value__.__args__
NAMES: Final = ("VIP", "vip ", "Wholesale", "Café", "CAFÉ", "Retail partners of the north")
FRESH_GROUPS: Final = 3
FRESH_CUSTOMERS: Final = 5
SOME: Final = 4
"""How many ids one step names at most."""


class Step(NamedTuple):
    """What one person does; the numbers choose among what there is, whatever that is by then."""

    verb: Verb
    which: int
    others: tuple[int, ...]


def random_step(dice: random.Random) -> Step:
    others = tuple(dice.randrange(1_000) for _ in range(dice.randint(1, SOME)))
    return Step(dice.choice(VERBS), dice.randrange(1_000), others)


@dataclass
class Told:
    """What became of a step, as its caller knows it."""

    actor: str
    step: Step
    result: Any = None
    refusal: ApiError | None = None


@dataclass
class World:
    """The groups and customers that the steps choose from, living or not."""

    table: Table
    group_ids: Ids = field(default_factory=list)
    customer_ids: Ids = field(default_factory=list)
    told: list[Told] = field(default_factory=list)

    def __post_init__(self) -> None:
        for number in range(FRESH_GROUPS):
            self.group_ids.append(groups.create(f"Group {number}", {"number": number}, "founder")["id"])
        for number in range(FRESH_CUSTOMERS):
            self.customer_ids.append(customers.create(profile(f"person{number}@mail.example"), "founder")["id"])

    def run(self, scripts: Sequence[Sequence[Step]]) -> None:
        """Carry out each script in a thread of its own, all at once."""
        barrier = threading.Barrier(len(scripts))
        crashed: list[BaseException] = []

        def carry_out(person: int, script: Sequence[Step]) -> None:
            barrier.wait()
            try:
                for place, step in enumerate(script):
                    self._do(f"{len(self.told)}.{person}.{place}.{random.random()}", step)
            except BaseException as error:  # noqa: BLE001 - to be raised where the test sees it
                crashed.append(error)

        threads = [threading.Thread(target=carry_out, args=one) for one in enumerate(scripts)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if crashed:
            raise crashed[0]

    def settle(self) -> None:
        """What the functions behind the stream do, once all is quiet."""
        for group_id in self.group_ids:
            purge.purge_group(group_id, lambda: True)
            copies.refresh(GROUP, group_id)
        for customer_id in self.customer_ids:
            copies.refresh(CUSTOMER, customer_id)

    def check(self) -> None:
        """Assert that the table is whole, and that everybody was told the truth."""
        items = self.table.items()
        found = consistency.faults(items)
        assert not found, "\n".join(f"{fault.what} of {fault.subject}: {fault.message}" for fault in found)
        changes: dict[str, list[Any]] = {}
        for item in items:
            if item["SK"].startswith("CHANGE#"):
                changes.setdefault(item["actor"], []).append(item)
        for told in self.told:
            self._check_told(told, changes.get(told.actor, []))

    def _check_told(self, told: Told, mine: list[Any]) -> None:
        kinds = Counter(one["type"] for one in mine)
        if isinstance(told.refusal, Unavailable | TooManyRequests):
            once = Counter((one["subject_id"], one["type"]) for one in mine)
            assert set(once.values()) <= {1}, f"{told} made {mine}"
        elif told.refusal:
            # A customer of very many groups leaves some of them before it is deleted; here there are never so many.
            assert not mine, f"{told} was refused and made {mine}"
        elif told.step.verb in ("create", "create customer"):
            assert kinds == {"created": 1}, f"{told} made {mine}"
        elif told.step.verb in ("delete", "delete customer"):
            assert kinds["deleted"] == 1, f"{told} made {mine}"
        elif told.step.verb in ("add", "remove", "join", "leave"):
            added = Counter(one for change in mine for one in change.get("added", ()))
            removed = Counter(one for change in mine for one in change.get("removed", ()))
            expected = (len(told.result.added), len(told.result.removed))
            assert (added.total(), removed.total()) == expected, f"{told} made {mine}"
        else:
            assert set(kinds.values()) <= {1}, f"{told} made {mine}"
            if told.step.verb == "merge":
                assert kinds == {"updated": 1}, f"{told} was lost"

    def _do(self, actor: str, step: Step) -> None:
        told = Told(actor, step)
        self.told.append(told)
        try:
            told.result = _ACTIONS[step.verb](self, actor, step)
        except ApiError as refusal:
            told.refusal = refusal

    def group(self, number: int) -> str:
        return self.group_ids[number % len(self.group_ids)]

    def customer(self, number: int) -> str:
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

    def change_members(self, actor: str, step: Step, *, add: bool) -> Any:
        ids = list(dict.fromkeys(self.customer(one) for one in step.others))
        return memberships.change_members(self.group(step.which), *((ids, []) if add else ([], ids)), actor)

    def change_groups(self, actor: str, step: Step, *, add: bool) -> Any:
        ids = list(dict.fromkeys(self.group(one) for one in step.others))
        return memberships.change_groups(self.customer(step.which), *((ids, []) if add else ([], ids)), actor)


def profile(email: str | None) -> dict[str, Any]:
    nothing = dict.fromkeys(("first_name", "last_name", "company_name", "phone", "metadata"))
    return {**nothing, "email": email, "has_account": False}


def _update_customer(world: World, actor: str, step: Step) -> Any:
    values = {"email": f"person{step.others[0] % 12}@mail.example", "first_name": actor}
    return customers.update(world.customer(step.which), values, actor)


def _purge(world: World, _: str, step: Step) -> Any:
    return purge.purge_group(world.group(step.which), lambda: True)


def _refresh(world: World, _: str, step: Step) -> None:
    # Lambda brings the record again, and the end of the test sees to it, too.
    with suppress(ApiError):
        copies.refresh(CUSTOMER, world.customer(step.which))


_ACTIONS: Final[dict[Verb, Callable[[World, str, Step], Any]]] = {
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
    "create customer": World.create_customer,
    "update customer": _update_customer,
    "delete customer": lambda world, actor, step: customers.delete(world.customer(step.which), actor),
    "purge": _purge,
    "refresh": _refresh,
}
