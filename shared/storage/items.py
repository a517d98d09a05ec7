"""Types of the items in the table. `keys` defines their keys."""

from typing import Any, Literal, NotRequired, TypedDict

from shared.domain.ids import CustomerId, GroupId

type Metadata = dict[str, Any]
"""Any JSON object: its values are of any type."""


class Keyed(TypedDict):
    """The primary key, which every item has."""

    PK: str
    SK: str


class ListedItem(Keyed):
    """The attributes that groups and customers have in common."""

    version: int
    key: NotRequired[str | None]
    """The own key. Missing on items from before keys existed."""
    metadata: Metadata | None
    created_by: str
    created_at: str
    updated_at: str
    deleted_at: NotRequired[str]
    """Set on a tombstone, which has none of the attributes below."""
    LIST: NotRequired[str]
    by_created: NotRequired[str]
    by_updated: NotRequired[str]
    by_name: NotRequired[str]
    search_text: NotRequired[str]
    source: NotRequired[str]
    source_number: NotRequired[int]


class GroupItem(ListedItem):
    """A customer group."""

    id: GroupId
    name: str
    customer_count: int
    reference_count: NotRequired[int]
    """The number of references. Missing before the first one."""
    reference_change: NotRequired[int]
    """Increases with every change of the references."""
    term_at: NotRequired[str]
    """Not after the next moment at which a membership begins or ends. Missing if there is none."""
    term_list: NotRequired[str]
    term_change: NotRequired[int]
    """Increases with every membership that gets terms."""
    rule: NotRequired[dict[str, Any] | None]
    """The rule of an automatic group. Manual groups have none."""
    rule_version: NotRequired[int]
    """Increases with every change of the rule and its exceptions, and when it is applied again. 0 or missing on manual
    groups."""
    rule_since: NotRequired[int]
    """The group's version at which it became automatic."""
    rule_status: NotRequired[Literal["current", "applying"] | None]
    rule_job_id: NotRequired[str | None]
    """The job that applies the rule to all customers, until it is done."""


class ReferenceItem(Keyed):
    """A reference: a use of a group by another system."""

    system: str
    id: str
    label: str
    url: str | None
    created_by: str
    created_at: str
    source_number: NotRequired[int]


class CustomerItem(ListedItem):
    """A customer."""

    id: CustomerId
    email: str | None
    first_name: str | None
    last_name: str | None
    company_name: str | None
    phone: str | None
    has_account: bool
    account_list: NotRequired[str]
    by_first_name: NotRequired[str]
    by_last_name: NotRequired[str]
    by_company_name: NotRequired[str]


class SummaryItem(Keyed):
    """The summary of a customer, with the attributes that memberships need."""

    group_count: int
    version: int
    """The customer's version at which the copied attributes last changed."""
    by_created: str
    customer: dict[str, object]
    """The attributes that memberships copy, in addition to `by_created`."""
    membership_change: NotRequired[int]
    """Increases with every change of the customer's memberships."""
    by_rule: NotRequired[list[str]]
    """The automatic groups that a rule has put the customer into."""
    due_at: NotRequired[str | None]
    """When rules must judge the customer again, because time has passed."""


class ChangeItem(Keyed):
    """One change of a group or customer."""

    id: str
    action: NotRequired[str]
    """The id that all changes of one request share. Missing on the oldest items."""
    subject: str
    subject_id: str
    type: str
    at: str
    actor: str
    version: NotRequired[int]
    before: NotRequired[str]
    """JSON text, like `after`."""
    after: NotRequired[str]
    added: NotRequired[list[str]]
    removed: NotRequired[list[str]]
    changed: NotRequired[list[str]]
    """The customers whose memberships got other terms, or begin later."""
    terms: NotRequired[str]
    """The terms of memberships that have or had any, before and after, as JSON text: see `changes.TermsChange`."""
    references: NotRequired[str]
    """For a deletion: the group's references, as JSON text."""
    reason: NotRequired[dict[str, str]]
    """What caused the change, unless it was made directly by a request."""
    expires_at: NotRequired[int]
