"""All keys of the table, and the functions that build them.

| item        | PK                          | SK            | LIST           | sorted by                    |
|-------------|-----------------------------|---------------|----------------|------------------------------|
| group       | GROUP#<id>                  | GROUP         | GROUPS         | created, name, updated       |
| customer    | CUSTOMER#<id>               | CUSTOMER      | CUSTOMERS      | created, e-mail, updated, …  |
| membership  | GROUP#<group>               | CUSTOMER#<id> | GROUP#<group>  | the customer was created     |
| … that begins later | the same            | the same      | GROUP#<group>#SCHEDULED | the same   |
| term        | GROUP#<group>               | TERM#<moment>#<customer> |     |                              |
| summary     | CUSTOMER#<id>               | SUMMARY       |                |                              |
| name lock   | GROUP_NAME#<name>           | LOCK          |                |                              |
| e-mail lock | EMAIL#<email>#<has_account> | LOCK          |                |                              |
| key lock    | GROUP_KEY#<own key>         | LOCK          |                |                              |
| and         | CUSTOMER_KEY#<own key>      | LOCK          |                |                              |
| token       | TOKEN#<list>#<first letter> | <token>#<id>  |                |                              |
| change      | GROUP#<id> or CUSTOMER#<id> | CHANGE#<ulid> |                |                              |
| … of an action | the same                 | CHANGE#<ulid of its action>#<ulid> |  |                           |
| joined, left | CUSTOMER#<id>              | MOVE#<as the group's change> |  |                               |
| large metadata | GROUP#<id> or CUSTOMER#<id> | METADATA#<version> |        |                              |
| reference   | GROUP#<id>                  | REFERENCE#<system>#<id> |      |                              |
| its removal | the same                    | REMOVED_REFERENCE#<system>#<id> | |                           |
| rule        | RULES                       | RULE#<group>  |                |                              |
| version of rules | RULES                  | VERSION       |                |                              |
| due         | DUE#<shard>                 | <moment>#<customer> |          |                              |
| counter     | COUNTER#<list>#<shard>      | COUNTER       |                |                              |
| job         | JOB#<id>                    | JOB           | JOBS           | created; updated while open    |
| transaction | JOB#<id>                    | DONE#<chunk>#<row> |           |                              |
| begun       | JOB#<id>                    | BEGUN#<chunk> |                |                              |
| chunk       | JOB#<id>                    | CHUNK#<chunk> |                |                              |
| lease       | LEASE#<group>               | LEASE         |                |                              |
| upload      | UPLOAD#<id>                 | UPLOAD        |                |                              |
| idempotency | IDEMPOTENCY#<key>           | IDEMPOTENCY   |                |                              |
| creation    | ONCE#<request>              | CREATION      |                |                              |
| response    | CUSTOMER#<id>               | ANSWER#<key>  |                |                              |
| erasure     | ERASURES#<shard>            | <moment>#<id> |                |                              |
| discarded   | DISCARDED                   | <message id>  |                |                              |

"Sorted by" lists the sort keys `by_created`, `by_name` and `by_updated`, each made of the value, an end mark and
`#<id>`. Customers also have `by_first_name`, `by_last_name` and `by_company_name`.

The indexes ByCreated, ByName, ByUpdated, ByFirstName, ByLastName and ByCompanyName have the hash key LIST and sort by
the attribute of the same name. They contain keys only, and for memberships also the copies of the customer. ByAccount
lists the customers with and without an account separately (`account_list`), oldest first, with the attributes that
filters need. ByCustomer has the keys `member_customer` (CUSTOMER#<id>) and `member_group` (GROUP#<id>) and contains
memberships. ByTerm has the groups with memberships that begin or end (`term_list`), sorted by the next such moment
(`term_at`).

Names and e-mail addresses in keys are folded (see `shared.domain.search.fold`). There are tokens for groups and
customers.
"""

import hashlib
import zlib
from typing import Final

from shared.domain.search import REVERSED
from shared.dynamodb.expressions import Index, Key

type ListName = str
LONGEST_SORT_KEY: Final = 1024
"""DynamoDB's limit, in bytes."""
GROUPS: Final = "GROUPS"
CUSTOMERS: Final = "CUSTOMERS"
JOBS: Final = "JOBS"
TERMS: Final = "TERMS"
"""The list of groups with memberships that begin or end."""
SHARDS: Final = 8
"""The number of partitions that a list's counters, the ledger of erasures and due items are spread over."""

_PARTITION_KEY_BYTES = 2048
_ROOM_FOR_ID = 160
_END_MARK = "\x1f"
"""Sorts before every character that a name can contain, so that "VIP" comes before "VIP Gold"."""


BY_CREATED: Final = Index("ByCreated", "by_created")
BY_NAME: Final = Index("ByName", "by_name")
BY_UPDATED: Final = Index("ByUpdated", "by_updated")
BY_FIRST_NAME: Final = Index("ByFirstName", "by_first_name")
BY_LAST_NAME: Final = Index("ByLastName", "by_last_name")
BY_COMPANY_NAME: Final = Index("ByCompanyName", "by_company_name")
BY_ACCOUNT: Final = Index("ByAccount", "by_created", hash="account_list")
BY_CUSTOMER: Final = Index("ByCustomer", "member_group")
BY_TERM: Final = Index("ByTerm", "term_at", hash="term_list")


def group(group_id: str) -> Key:
    return Key(f"GROUP#{group_id}", "GROUP")


def customer(customer_id: str) -> Key:
    return Key(f"CUSTOMER#{customer_id}", "CUSTOMER")


def membership(group_id: str, customer_id: str) -> Key:
    return Key(f"GROUP#{group_id}", f"{MEMBERSHIP_PREFIX}{customer_id}")


def summary(customer_id: str) -> Key:
    """The summary of a customer, in the partition of the record."""
    return Key(f"CUSTOMER#{customer_id}", SUMMARY)


SUMMARY: Final = "SUMMARY"
MEMBERSHIP_PREFIX: Final = "CUSTOMER#"
CHANGE_PREFIX: Final = "CHANGE#"
ANSWER_PREFIX: Final = "ANSWER#"
COUNTER_PREFIX: Final = "COUNTER#"


MOVE_PREFIX: Final = "MOVE#"


def move(customer_id: str, place: str) -> Key:
    """The entry that a customer joined or left a group. `place` is from the key of the group's change."""
    return Key(customer(customer_id).PK, f"{MOVE_PREFIX}{place}")


REFERENCE_PREFIX: Final = "REFERENCE#"
REMOVED_REFERENCE_PREFIX: Final = "REMOVED_REFERENCE#"


def reference(group_id: str, system: str, reference_id: str) -> Key:
    """A reference, in the partition of its group."""
    return Key(group(group_id).PK, f"{REFERENCE_PREFIX}{system}#{reference_id}")


def removed_reference(group_id: str, system: str, reference_id: str) -> Key:
    """The number of the last state of a reference that an event removed."""
    return Key(group(group_id).PK, f"{REMOVED_REFERENCE_PREFIX}{system}#{reference_id}")


def members(group_id: str) -> ListName:
    """The list of a group's members."""
    return f"GROUP#{group_id}"


def scheduled_members(group_id: str) -> ListName:
    """The list of memberships that begin later."""
    return f"{members(group_id)}#SCHEDULED"


TERM_PREFIX: Final = "TERM#"


def term(group_id: str, at: str, customer_id: str) -> Key:
    """The moment at which a membership begins or ends."""
    return Key(group(group_id).PK, f"{TERM_PREFIX}{at}#{customer_id}")


def moment_of_term(term: Key) -> str:
    return term.SK.removeprefix(TERM_PREFIX).partition("#")[0]


def customer_of_term(term: Key) -> str:
    """The customer whose membership begins or ends."""
    return term.SK.rpartition("#")[2]


def name_lock(folded_name: str) -> Key:
    return Key(_fit(f"GROUP_NAME#{folded_name}", _PARTITION_KEY_BYTES), "LOCK")


def email_lock(folded_email: str, *, has_account: bool) -> Key:
    return Key(_fit(f"EMAIL#{folded_email}#{str(has_account).lower()}", _PARTITION_KEY_BYTES), "LOCK")


def group_key_lock(own_key: str) -> Key:
    return Key(f"GROUP_KEY#{own_key}", "LOCK")


def customer_key_lock(own_key: str) -> Key:
    return Key(f"CUSTOMER_KEY#{own_key}", "LOCK")


def accounts(*, has_account: bool) -> ListName:
    """The list of customers with or without an account."""
    return f"{CUSTOMERS}#{str(has_account).lower()}"


def token_partition(of_list: ListName, token: str) -> str:
    """Tokens are partitioned by their first letter; reversed phone numbers by their last digit, after the mark."""
    return f"TOKEN#{of_list}#{token[:2] if token.startswith(REVERSED) else token[:1]}"


def token(of_list: ListName, token: str, item_id: str) -> Key:
    return Key(token_partition(of_list, token), f"{token}#{item_id}")


def change(of: Key, change_id: str, action_id: str) -> Key:
    """Changes are in the partition of their group or customer. Those of one action are next to each other."""
    suffix = change_id if change_id == action_id else f"{action_id}#{change_id}"
    return Key(of.PK, f"{CHANGE_PREFIX}{suffix}")


def metadata(of: Key, version: int) -> Key:
    """The large metadata of one version of a group or customer."""
    return Key(of.PK, f"METADATA#{version}")


def counter(of_list: ListName, item_id: str) -> Key:
    """One of the list's counters. They are sharded, so that concurrent writes rarely conflict."""
    return counters(of_list)[_shard(item_id)]


def counters(of_list: ListName) -> list[Key]:
    return [Key(f"{COUNTER_PREFIX}{of_list}#{shard}", "COUNTER") for shard in range(SHARDS)]


def list_of_counter(key: Key) -> ListName:
    return key.PK.removeprefix(COUNTER_PREFIX).partition("#")[0]


def idempotency(key: str) -> Key:
    return Key(f"IDEMPOTENCY#{key}", "IDEMPOTENCY")


def creation(request: str) -> Key:
    """The mark that links a request to the record that it created. Written in the same transaction as the record."""
    return Key(f"ONCE#{request}", "CREATION")


def answer(customer_id: str, kept_at: Key) -> Key:
    """The reference from a customer to a stored response that contains its values."""
    return Key(customer(customer_id).PK, f"{ANSWER_PREFIX}{id_of(kept_at.PK)}")


def erasure(customer_id: str, at: str) -> Key:
    """An entry in the ledger of erasures."""
    return Key(f"ERASURES#{_shard(customer_id)}", f"{at}#{customer_id}")


def erasure_partitions() -> list[str]:
    return [f"ERASURES#{shard}" for shard in range(SHARDS)]


def job(job_id: str) -> Key:
    return Key(f"JOB#{job_id}", "JOB")


CHUNK_PREFIX: Final = "CHUNK#"


def job_chunk(job_id: str, chunk: str) -> Key:
    """The totals of one completed chunk. `chunk` is unique in its job and sorts in the order of the chunks."""
    return Key(job(job_id).PK, f"{CHUNK_PREFIX}{chunk}")


def job_begun(job_id: str, chunk: str) -> Key:
    """There once a run of the chunk has begun to create records."""
    return Key(job(job_id).PK, f"BEGUN#{chunk}")


def job_transaction_prefix(chunk: str) -> str:
    return f"DONE#{chunk}#"


def job_transaction(job_id: str, chunk: str, first_row: int) -> Key:
    """The outcomes of one transaction of a chunk, written by the transaction itself."""
    return Key(job(job_id).PK, f"{job_transaction_prefix(chunk)}{first_row:06}")


def lease(group_id: str) -> Key:
    """The lease of the job chunk that is changing a group's members."""
    return Key(f"LEASE#{group_id}", "LEASE")


def upload(upload_id: str) -> Key:
    return Key(f"UPLOAD#{upload_id}", "UPLOAD")


RULES: Final = "RULES"
RULE_PREFIX: Final = "RULE#"
RULES_VERSION: Final = Key(RULES, "VERSION")
"""Changes with every rule, so that one read shows whether the rules in memory are those of the table."""


def rule(group_id: str) -> Key:
    """The rule of an automatic group. All rules are in one partition, and read together."""
    return Key(RULES, f"{RULE_PREFIX}{group_id}")


DUE_PREFIX: Final = "DUE#"


def due(at: str, customer_id: str) -> Key:
    """When rules must judge a customer again, because time has passed."""
    return Key(f"{DUE_PREFIX}{_shard(customer_id)}", f"{at}#{customer_id}")


def due_partitions() -> list[str]:
    return [f"{DUE_PREFIX}{shard}" for shard in range(SHARDS)]


def customer_due(key: Key) -> str:
    """The id of the customer who is due."""
    return key.SK.partition("#")[2]


def sort_key(value: str, item_id: str) -> str:
    """A sort key: the value, then the id, so that equal values have a fixed order."""
    room = LONGEST_SORT_KEY - _ROOM_FOR_ID
    return f"{value.encode()[:room].decode(errors='ignore')}{_END_MARK}#{item_id}"


def parts_of(sort_key: str) -> tuple[str, str, str]:
    """The value, the end mark and the id of a sort key."""
    return sort_key.partition(f"{_END_MARK}#")


def id_of(partition_key: str) -> str:
    """The id in `GROUP#<id>` or `CUSTOMER#<id>`."""
    return partition_key.partition("#")[2]


def _shard(item_id: str) -> int:
    return zlib.crc32(item_id.encode()) % SHARDS


def _fit(key: str, limit: int) -> str:
    """The key, or its digest if the key is longer than DynamoDB allows."""
    if len(key.encode()) <= limit:
        return key
    kind, _, rest = key.partition("#")
    return f"{kind}#sha256#{hashlib.sha256(rest.encode()).hexdigest()}"
