"""The table's map: every key of every item, each from its parts.

| item        | PK                          | SK            | LIST           | sorted as                    |
|-------------|-----------------------------|---------------|----------------|------------------------------|
| group       | GROUP#<id>                  | GROUP         | GROUPS         | created, name, updated       |
| customer    | CUSTOMER#<id>               | CUSTOMER      | CUSTOMERS      | created, e-mail, updated     |
| membership  | GROUP#<group>               | CUSTOMER#<id> | GROUP#<group>  | copies of the customer's     |
| name lock   | GROUP_NAME#<name>           | LOCK          |                |                              |
| e-mail lock | EMAIL#<email>#<has_account> | LOCK          |                |                              |
| token       | TOKEN#<list>#<two letters>  | <token>#<id>  |                | copies of its item's         |
| change      | GROUP#<id> or CUSTOMER#<id> | CHANGE#<ulid> |                |                              |
| counter     | COUNTER#<list>              | <shard>       |                |                              |
| idempotency | IDEMPOTENCY#<key>           | IDEMPOTENCY   |                |                              |
| creation    | ONCE#<request>              | CREATION      |                |                              |

"Sorted as" are `by_created`, `by_name`, `by_updated`, each `<value>`, an end mark, `#<id>`.
Indexes: ByCreated, ByName, ByUpdated share the hash key LIST and sort by the attribute of their name;
ByCustomer has `member_customer` (CUSTOMER#<id>) and `member_group` (GROUP#<id>), on memberships only.
Names and e-mails in keys are folded (see `shared.search.fold`). Tokens exist for lists GROUPS and CUSTOMERS.
"""

import hashlib
import re
import zlib
from typing import Final, Literal, NamedTuple

type ListName = str
type SortField = Literal["created_at", "name", "updated_at"]

GROUPS: Final = "GROUPS"
CUSTOMERS: Final = "CUSTOMERS"
COUNTER_SHARDS: Final = 8

_POSSIBLE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:\-]{0,127}\Z", re.ASCII)
_SORT_KEY_BYTES = 1024
_PARTITION_KEY_BYTES = 2048
_ROOM_FOR_ID = 160
_END_MARK = "\x1f"
"""Sorts before every character that a name can hold, so that "VIP" comes before "VIP Gold"."""


class Key(NamedTuple):
    """The primary key of one item."""

    PK: str
    SK: str


class Index(NamedTuple):
    """An index of the table, with the attribute it sorts by."""

    name: str
    sort: str


BY_CREATED: Final = Index("ByCreated", "by_created")
BY_NAME: Final = Index("ByName", "by_name")
BY_UPDATED: Final = Index("ByUpdated", "by_updated")
BY_CUSTOMER: Final = Index("ByCustomer", "member_group")


def is_possible_id(text: str) -> bool:
    """Whether any item could have this id: ours are a prefix and a ULID, other systems' are plain ASCII words."""
    return _POSSIBLE_ID.match(text) is not None


def group(group_id: str) -> Key:
    return Key(f"GROUP#{group_id}", "GROUP")


def customer(customer_id: str) -> Key:
    return Key(f"CUSTOMER#{customer_id}", "CUSTOMER")


def membership(group_id: str, customer_id: str) -> Key:
    return Key(f"GROUP#{group_id}", f"{MEMBERSHIP_PREFIX}{customer_id}")


MEMBERSHIP_PREFIX: Final = "CUSTOMER#"
CHANGE_PREFIX: Final = "CHANGE#"


def members(group_id: str) -> ListName:
    """The list of a group's members."""
    return f"GROUP#{group_id}"


def name_lock(folded_name: str) -> Key:
    return Key(_fit(f"GROUP_NAME#{folded_name}", _PARTITION_KEY_BYTES), "LOCK")


def email_lock(folded_email: str, *, has_account: bool) -> Key:
    return Key(_fit(f"EMAIL#{folded_email}#{str(has_account).lower()}", _PARTITION_KEY_BYTES), "LOCK")


def token_partition(of_list: ListName, token: str) -> str:
    return f"TOKEN#{of_list}#{token[:2]}"


def token(of_list: ListName, token: str, item_id: str) -> Key:
    return Key(token_partition(of_list, token), f"{token}#{item_id}")


def change(of: Key, change_id: str) -> Key:
    """A change lies in the partition of the group or customer that it changed."""
    return Key(of.PK, f"{CHANGE_PREFIX}{change_id}")


def counter_partition(of_list: ListName) -> str:
    return f"COUNTER#{of_list}"


def counter(of_list: ListName, item_id: str) -> Key:
    """One of the list's counters: spread, so that writers of different items seldom meet."""
    return Key(counter_partition(of_list), str(zlib.crc32(item_id.encode()) % COUNTER_SHARDS))


def idempotency(key: str) -> Key:
    return Key(f"IDEMPOTENCY#{key}", "IDEMPOTENCY")


def creation(request: str) -> Key:
    """What one request created; it lies beside the answer that `idempotency` keeps, written with the record itself."""
    return Key(f"ONCE#{request}", "CREATION")


def sort_key(value: str, item_id: str) -> str:
    """A place in an order: the value, then the id, so that equal values keep a total order."""
    room = _SORT_KEY_BYTES - _ROOM_FOR_ID
    return f"{value.encode()[:room].decode(errors='ignore')}{_END_MARK}#{item_id}"


def id_of(partition_key: str) -> str:
    """The id in `GROUP#<id>` or `CUSTOMER#<id>`."""
    return partition_key.partition("#")[2]


def _fit(key: str, limit: int) -> str:
    """DynamoDB limits the bytes of a key; a longer one is replaced by its digest, which is as unique."""
    if len(key.encode()) <= limit:
        return key
    kind, _, rest = key.partition("#")
    return f"{kind}#sha256#{hashlib.sha256(rest.encode()).hexdigest()}"
