"""What a row has beside its line and its value (`Row.more`): each key, who writes it, and who reads it.

Planning writes a row as JSON into a chunk, and the function that processes the chunk reads it. Each class has the keys
of rows of one origin. If there is nothing to say, a key is missing, so one that says yes is `True` or missing. Only in
an import, a row has all keys of its classes except those whose text says when they are missing.
"""

from collections.abc import Mapping, Sequence
from typing import Literal, TypedDict

from shared.domain.exact_json import Json
from shared.storage.membership_steps import Verb

type Yes = Literal[True]


class Planned(TypedDict, total=False):
    """Rows of filters, groups and rules: how far planning has come, and the membership that a row was made from."""

    at: str
    """The position of the customer in the list. Written for filters (`sources.matches`) and rules (`rules`), and read
    when planning continues there."""
    passed: Yes
    """The customer has no row: this only tells how far planning has come, and is in no chunk. Written by
    `sources.combined` and `exports`, read by `chunks`."""
    terms: Sequence[str | None]
    """The beginning and the end of the membership, as `Terms`. Missing if it has neither. Written and read by
    `row_terms`: for members who are moved, copied, combined or exported, and for those whom *set* removes."""


class Combined(TypedDict, total=False):
    """Rows of a combination of groups."""

    verb: Verb
    """What is done with the customer, who may also have to leave the group. Written by `sources.combined`, read by
    `members`. Rows of other jobs have none, because their job has one verb for all."""


class Exported(TypedDict, total=False):
    """Rows of an export, written and read by `exports`. A row with neither key is that of a group."""

    group: str
    """The id of the group, in the row of a member."""
    excepted: Yes
    """The customer is an exception of a group and in none of the groups."""


class Requested(TypedDict, total=False):
    """What a file says of a customer. Written by `sources.values`, and by `import_rows` for members."""

    profile: Mapping[str, Json]
    """The columns of the profile. Those that `sources.values` writes are texts and not empty. In an import, only
    members have it: all columns, with `key` and `metadata`, of any JSON. Read by `candidates`, `rows.given`,
    `import_rows.is_member`, `import_exceptions` and `import_trials`."""
    has_account: str | bool
    """In an import, whether the customer has an account (`import_rows.has_account`). Otherwise what the file says, not
    empty, which `candidates` interprets if it creates the customer."""
    given_terms: Mapping[str, str]
    """The texts of `starts_at` and `ends_at` that are not empty. Read by `row_terms` and `rows.given`."""


class Named(TypedDict, total=False):
    """Rows of a file, or of a list, that names customers. Written by `sources.values`."""

    unreadable: str
    """The column that should name the customer, and has a list or an object. The row is refused by `candidates`."""
    nested: Sequence[str]
    """Columns of the profile with a list or an object. `candidates` creates no customer from them."""
    repeated: Yes
    """An earlier row is equal, so `candidates` does nothing for this one. What the file says else is left out."""
    named_before: Yes
    """An earlier row names the same customer. Read by `rows.of`, and by `member_changes` for dry runs."""


class Imported(TypedDict, total=False):
    """Rows of an import, written by `import_rows`. The value is the name of a group, or the address of a member."""

    group_id: str
    """The id of the group in the file. Empty if there is none. Read by `import_groups`, `import_order`,
    `import_trials`, `import_rows.group_of` and `rows.given`."""


class ImportedGroup(Imported, total=False):
    """Rows of groups. What is not in the file is None.

    `import_groups` checks all of it and creates the group, and refused rows keep it (`rows.given`).
    """

    key: Json
    """The own key. Also read by `import_order`."""
    metadata: Json
    rule: Json
    """Also read by `import_order`."""
    exceptions: Json
    """Both lists of ids, those of the file. Also read by `import_exceptions`."""
    customers: Mapping[str, Sequence[Json]]
    """The address, `has_account` and own key of exceptions, by their id. Missing if the file knows none. Written by
    `import_exceptions.Named.joined` when the row is planned, read by `import_groups`."""


class ImportedMember(Imported, total=False):
    """Rows of members, and of customers without a group. They also have the keys of `Requested`."""

    group_name: str
    """The name of the group in the file. Empty if there is none. Read by `import_rows.group_of` and `rows.given`."""
    in_no_group: Yes
    """The row only creates its customer. Missing if there is a group. Read like `group_name`."""
    id: str
    """The id of the customer in the file. Empty if there is none. Read by `import_customers`, `import_exceptions`,
    `import_trials` and `rows.given`."""
    neither_yes_nor_no: str
    """What the file says instead of whether the customer has an account. Missing if it says yes or no. The row is
    refused by `import_customers`, and keeps this text (`rows.given`)."""


class More(Planned, Combined, Exported, Requested, Named, ImportedGroup, ImportedMember, total=False):
    """All keys. A row has those of its origin."""
