"""Memberships that begin and end in the model: steps that give them terms, and the schedule that applies these."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, Literal

from shared.domain import moments
from shared.domain.terms import Terms
from shared.storage import due_terms, memberships
from tests.concurrency import automatic

if TYPE_CHECKING:
    from tests.concurrency.world import Step, World

type Verb = Literal["add for a time", "join for a time", "apply terms"]

DAYS: Final = ((None, None), (None, 1.5), (None, 3.5), (None, 30), (0.5, None), (1.5, 2.5), (3.5, 30), (20, 30))
"""Beginnings and ends. Some are between two of the clocks of machines, and some after all of them."""


def _terms(number: int) -> Terms:
    now = datetime.now(UTC)
    return Terms(
        *(None if days is None else moments.iso(now + timedelta(days=days)) for days in DAYS[number % len(DAYS)])
    )


def _add(world: "World", actor: str, step: "Step") -> Any:
    terms: dict[str, Terms] = {world.customer(one): _terms(one) for one in step.others}
    return memberships.change_members(world.group(step.which), list(terms), [], actor, terms=terms)


def _join(world: "World", actor: str, step: "Step") -> Any:
    terms: dict[str, Terms] = {world.group(one): _terms(one) for one in step.others}
    return memberships.change_groups(world.customer(step.which), list(terms), [], actor, terms=terms)


def _apply(_: "World", __: str, ___: "Step") -> None:
    due_terms.apply_due(lambda: True)


ACTIONS: Final[dict[str, Callable[["World", str, "Step"], Any]]] = {
    "add for a time": automatic.with_own_clock(_add),
    "join for a time": automatic.with_own_clock(_join),
    "apply terms": automatic.with_own_clock(_apply),
}
