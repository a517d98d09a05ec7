"""Histories of groups and customers."""

from typing import Annotated, Any, Literal

from pydantic import Field

from shared.domain.values import Model


class Reason(Model):
    """What caused a change: a job or rule, by the id of the job or group, or a term that has `started` or `expired`."""

    type: Literal["job", "rule", "term"]
    id: Annotated[
        str,
        Field(description="The id of the job, or of the group whose rule it is; for a term, `started` or `expired`."),
    ]


class HistoryEntry(Model):
    """An entry of a history. `before` and `after` contain what changed. For metadata, only the changed keys."""

    id: str
    action_id: Annotated[str, Field(description="Shared by all changes of one request.")]
    at: str
    actor: str
    actor_name: Annotated[str | None, Field(description="The name of a person, with `actor_names=true`.")]
    reason: Annotated[
        Reason | None, Field(description="The job, rule or term that made the change. Null for a direct request.")
    ]
    version: Annotated[
        int | None, Field(description="The version of the record. Changes of members do not increase it.")
    ]
    before: dict[str, Any] | None
    after: dict[str, Any] | None


class TermsShown(Model):
    """When a membership begins and ends. Null means no limit."""

    starts_at: str | None
    ends_at: str | None


class ChangedTerms(Model):
    """Terms before and after a change. Null means that there was, or is, no membership."""

    previous: TermsShown | None
    new: TermsShown | None


class ChangedTermsOfCustomers(ChangedTerms):
    """Customers whose memberships have had the same terms before, and have the same since."""

    customer_ids: list[str]


class Change(HistoryEntry):
    """An entry of a group's history."""

    type: Annotated[
        Literal[
            "created",
            "updated",
            "deleted",
            "customers_added",
            "customers_removed",
            "terms_changed",
            "customers_changed",
        ],
        Field(
            description="`terms_changed` for memberships that begin later, or whose terms were changed. "
            "`customers_changed`, for an action with several types of changes, only with `group_by=action`."
        ),
    ]
    added: Annotated[list[str], Field(description="Ids of customers: up to 48 in a change, or all of an action.")]
    removed: Annotated[list[str], Field(description="Ids of customers: up to 48 in a change, or all of an action.")]
    terms: Annotated[
        list[ChangedTermsOfCustomers], Field(description="The terms of those memberships that have or had any.")
    ]


class FormerGroup(Model):
    """A group with its name at that time. It may have been deleted since."""

    id: str
    name: str | None


class ChangedTermsOfGroup(ChangedTerms):
    """The terms of the customer's membership in one group."""

    group: FormerGroup


class CustomerChange(HistoryEntry):
    """An entry of a customer's history."""

    type: Annotated[
        Literal["created", "updated", "deleted", "joined", "left", "terms_changed", "groups_changed"],
        Field(
            description="`groups_changed`, for an action with several types of changes, only with `group_by=action`."
        ),
    ]
    joined: list[FormerGroup]
    left: list[FormerGroup]
    terms: Annotated[
        list[ChangedTermsOfGroup], Field(description="The terms of those memberships that have or had any.")
    ]


class CustomerHistoryAnswer(Model):
    changes: list[CustomerChange]
    next_cursor: str | None


class HistoryAnswer(Model):
    changes: list[Change]
    next_cursor: str | None
