"""Histories of groups and customers."""

from typing import Annotated, Any, Literal

from pydantic import Field

from shared.domain.values import Model


class Reason(Model):
    """What caused a change, if it was not made directly by a request."""

    type: Literal["job", "rule", "term"]
    id: Annotated[str, Field(description="The id of the job, or of the group whose rule it is.")]


class HistoryEntry(Model):
    """An entry of a history. `before` and `after` contain what changed. For metadata, only the changed keys."""

    id: str
    action_id: Annotated[str, Field(description="Shared by all changes of one request.")]
    at: str
    actor: str
    actor_name: Annotated[str | None, Field(description="The name of a person, with `actor_names=true`.")]
    reason: Annotated[
        Reason | None, Field(description="The job or the rule that made the change. Null for a direct request.")
    ]
    version: Annotated[
        int | None, Field(description="The version of the record. Changes of members do not increase it.")
    ]
    before: dict[str, Any] | None
    after: dict[str, Any] | None


class Change(HistoryEntry):
    """An entry of a group's history."""

    type: Annotated[
        Literal["created", "updated", "deleted", "customers_added", "customers_removed", "customers_changed"],
        Field(description="`customers_changed`, for an action that added and removed, only with `group_by=action`."),
    ]
    added: Annotated[list[str], Field(description="Ids of customers: up to 48 in a change, or all of an action.")]
    removed: Annotated[list[str], Field(description="Ids of customers: up to 48 in a change, or all of an action.")]


class FormerGroup(Model):
    """A group with its name at that time. It may have been deleted since."""

    id: str
    name: str | None


class CustomerChange(HistoryEntry):
    """An entry of a customer's history."""

    type: Annotated[
        Literal["created", "updated", "deleted", "joined", "left", "groups_changed"],
        Field(
            description="`groups_changed`, for an action with several types of changes, only with `group_by=action`."
        ),
    ]
    joined: list[FormerGroup]
    left: list[FormerGroup]


class CustomerHistoryAnswer(Model):
    changes: list[CustomerChange]
    next_cursor: str | None


class HistoryAnswer(Model):
    changes: list[Change]
    next_cursor: str | None
