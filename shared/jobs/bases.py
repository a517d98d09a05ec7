"""What the outcome of a row of a dry run depends on (`Result.basis`): each key, who writes it, and who reads it.

A chunk of a dry run only sees the table. So it stores what it found there, and what the row would do, as JSON beside
the provisional result. `dry_runs` follows the bases in the order of the rows, and leaves them out of the final result.
A row may have none if no earlier row could change its outcome. A key that says yes is `True` or missing.
"""

from collections.abc import Sequence
from typing import NotRequired, TypedDict

from shared.jobs.row_more import Yes

type WrittenTerms = Sequence[str | None]
"""The beginning and the end, as `Terms`."""
type Error = Sequence[str]
"""The code and the message of a refusal."""


class Addition(TypedDict, total=False):
    """The addition that a row asks for. Written by `member_changes.as_basis`, read by `dry_members`.

    Rows that remove or move customers have none of these keys.
    """

    adds: bool
    """Whether the row adds anybody. In an import, no if the terms are over."""
    wants: WrittenTerms | None
    """The terms of the row. None if it has none."""
    has: WrittenTerms
    """The terms of the stored membership, which is not over. Missing if there is no membership."""


class MembershipBasis(Addition):
    """What rows of all jobs that change memberships have."""

    batch: str
    """The name of the transaction that the row would be in (`Work.batch`): there, only the first row of a customer does
    something. Read by `dry_members`."""


class ChangeBasis(MembershipBasis):
    """A row that adds, removes or moves a customer. Written by `member_changes`, read by `dry_members.Changes`."""

    customer: str
    """The id of the customer, or a simulated one (`candidates.simulated_id`)."""
    named_before: NotRequired[Yes]
    """As in the row: an earlier row names the same customer."""
    cannot: NotRequired[Yes]
    """The row is refused, because it cannot create its customer, unless an earlier row does."""


class GroupNames(TypedDict):
    """What a row of an import calls a group."""

    id: str
    """The id in the file, or an empty text."""
    name: str
    """The name, folded as for a lock."""


class GroupBasis(GroupNames):
    """A group that an import would create. Written by `import_trials`, read by `dry_groups`.

    If the row has a mistake, it only has the names: it is refused unless an earlier row would create the group.
    """

    keeps_id: NotRequired[bool]
    """Whether the group would be created with the id in the file."""
    key: NotRequired[str | None]
    """The own key."""
    key_is_taken: NotRequired[bool]
    """Whether a stored group has the own key."""
    missing: NotRequired[Sequence[Sequence[str]]]
    """The groups that the rule mentions and the table does not have: what each is called, and its path in the rule."""
    is_automatic: NotRequired[bool]
    """Whether the group has a rule."""


class NamedGroupBasis(GroupNames):
    """The group of an import's member. Written by `import_trials`, read by `dry_groups`."""

    given: Sequence[str]
    """What the row calls the group, and what that is: `id` or `name`. Read by `dry_members` for a refusal."""
    found: NotRequired[str]
    """The id of the stored group. Missing if there is none."""
    by_id: NotRequired[Yes]
    """The stored group has the id in the file, so it is meant, whatever earlier rows create."""
    automatic: NotRequired[Yes]
    """The stored group has a rule, which decides about its members."""


class MemberBasis(MembershipBasis):
    """A row of an import with a customer. Written by `import_trials`, read by `dry_members.Members`."""

    group: NotRequired[NamedGroupBasis]
    """Missing if the row only creates its customer."""
    identity: str
    """What the file calls the customer: the id, or else the folded address."""
    email: NotRequired[str]
    """The folded address, if there is one."""
    has_account: NotRequired[bool]
    """There with `email`: an address can be that of a guest and of an account."""
    found: NotRequired[str]
    """The id of the stored customer. If there is none, the customer would be created: see the next keys."""
    key: NotRequired[str]
    """The own key that the customer would be created with."""
    key_is_taken: NotRequired[Yes]
    """A stored customer has this own key."""
    cannot: NotRequired[Error]
    """Why the customer cannot be created, unless an earlier row does."""
    refused: NotRequired[Error]
    """Why the row is refused, whatever there is before it. Then the keys of `Addition` are missing."""


class Basis(TypedDict, total=False):
    """The basis of one row, by what the row is about. It has one of these keys. Read by `dry_runs`."""

    group: GroupBasis
    change: ChangeBasis
    member: MemberBasis
