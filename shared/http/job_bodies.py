"""The bodies of requests that start jobs."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Final, Literal

from pydantic import (
    AfterValidator,
    ConfigDict,
    Field,
    RootModel,
    StrictBool,
    model_validator,
)

from shared.domain.values import Id, Model, Name, Reference
from shared.http.access import Role
from shared.http.bodies import Body
from shared.http.job_sources import MAX_VALUES, Filter, Source
from shared.storage.given_terms import GivenTerms

MAX_GROUPS: Final = 100


def _distinct(given: list[str]) -> list[str]:
    if len(set(given)) < len(given):
        raise ValueError("must name each group once")
    return given


GroupIds = Annotated[list[Reference], Field(min_length=1, max_length=MAX_GROUPS)]


class Target(Model):
    """A group that the job creates, or an existing one."""

    model_config = ConfigDict(extra="forbid")

    name: Name | None = None
    id: Reference | None = None

    @model_validator(mode="after")
    def _is_one(self) -> "Target":
        if (self.name is None) == (self.id is None):
            raise ValueError("must have either the name of a new group or the id of a present one")
        return self


class JobBody(Body):
    """The fields that all jobs have."""

    needs: ClassVar[Role] = Role.EDITOR

    dry_run: Annotated[StrictBool, Field(description="Return the same results, but write nothing.")] = False

    def role(self) -> Role:
        """The role that is needed to start this job."""
        return self.needs

    def groups(self) -> Iterator[str]:
        """The groups that must exist."""
        return iter(())

    def changed(self) -> Iterator[str]:
        """The groups whose members the job changes, if they exist already."""
        return filter(None, [self.target()])

    def new_group(self) -> str | None:
        """The name of the group that the job creates."""
        return None

    def target(self) -> str | None:
        """The group that the job changes, if it exists already."""
        return None


class ChangeMembers(JobBody, GivenTerms):
    """Add customers to a group, remove them, or set the members of the group.

    With `add`, memberships can begin and end at a set time: all of them (`starts_at`, `ends_at`), or each as the file
    says.
    """

    type: Literal["change_members"]
    customer_group_id: Reference
    action: Literal["add", "remove", "set"]
    source: Source
    create_missing: Annotated[
        StrictBool,
        Field(description="Create customers for unknown e-mail addresses, from further columns of the upload."),
    ] = False

    @model_validator(mode="after")
    def _creates_where_it_adds(self) -> "ChangeMembers":
        if self.create_missing and (self.action == "remove" or self.source.filter is not None):
            raise ValueError("create_missing is for add and set, from an upload or values")
        return self

    @model_validator(mode="after")
    def _has_terms_where_it_adds(self) -> "ChangeMembers":
        given = (self.starts_at, self.ends_at, self.source.starts_at_column, self.source.ends_at_column)
        if any(given) and self.action != "add":
            raise ValueError("starts_at and ends_at are for add")
        return self

    def role(self) -> Role:
        return Role.ADMIN if self.create_missing else Role.EDITOR

    def groups(self) -> Iterator[str]:
        yield self.customer_group_id

    def target(self) -> str | None:
        return self.customer_group_id


class MoveMembers(JobBody):
    """Move customers from one group to another: the given ones, those that match a filter, or all."""

    type: Literal["move_members"]
    from_id: Annotated[Reference, Field(alias="from")]
    to_id: Annotated[Reference, Field(alias="to")]
    customer_ids: Annotated[list[Reference] | None, Field(min_length=1, max_length=MAX_VALUES)] = None
    filter: Filter | None = None

    @model_validator(mode="after")
    def _moves(self) -> "MoveMembers":
        if self.from_id == self.to_id:
            raise ValueError("from and to must be two groups")
        if self.customer_ids is not None and self.filter is not None:
            raise ValueError("must have customer_ids or a filter, not both")
        if any(name.startswith("groups") for name in self.filter or ()):
            raise ValueError("the filter is about members of from, and cannot name groups")
        return self

    def groups(self) -> Iterator[str]:
        yield from (self.from_id, self.to_id)

    def changed(self) -> Iterator[str]:
        return self.groups()

    def target(self) -> str | None:
        return self.to_id


class CopyGroup(JobBody):
    """Copy a group, with its metadata, under another name."""

    type: Literal["copy_group"]
    customer_group_id: Reference
    name: Name
    with_members: StrictBool = True

    def groups(self) -> Iterator[str]:
        yield self.customer_group_id

    def new_group(self) -> str | None:
        return self.name


class CombineGroups(JobBody):
    """Set the members of a group to the union, intersection or difference (the first without the others) of groups."""

    type: Literal["combine_groups"]
    operation: Literal["union", "intersection", "difference"]
    customer_group_ids: Annotated[
        list[Reference], Field(min_length=2, max_length=MAX_GROUPS), AfterValidator(_distinct)
    ]
    into: Target

    def groups(self) -> Iterator[str]:
        yield from self.customer_group_ids
        if self.into.id is not None:
            yield self.into.id

    def new_group(self) -> str | None:
        return self.into.name

    def target(self) -> str | None:
        return self.into.id


class Export(JobBody):
    """Export groups with their metadata, keys, rules, exceptions and members to a file: the given groups, or all."""

    type: Literal["export"]
    customer_group_ids: GroupIds | None = None
    format: Literal["csv", "jsonl"] = "csv"

    def groups(self) -> Iterator[str]:
        yield from self.customer_group_ids or ()


class Import(JobBody):
    """Import an exported file: groups with all that was exported, their members, and missing customers.

    Existing groups and customers are not changed. A key that another record has refuses the row.
    """

    needs = Role.ADMIN

    type: Literal["import"]
    upload_id: Id


type AnyJob = ChangeMembers | MoveMembers | CopyGroup | CombineGroups | Export | Import


class StartJob(RootModel[Annotated[AnyJob, Field(discriminator="type")]]):
    """One of the kinds of jobs, selected by `type`."""

    model_config = ConfigDict(defer_build=True)
