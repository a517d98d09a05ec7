"""Answers with groups and customers."""

from typing import Annotated, Literal

from pydantic import Field

from shared.domain.values import Model
from shared.http.answers.resources import Customer, CustomerGroup, Member

Upserted = Annotated[Literal["created", "updated", "unchanged"], Field(description="What was done.")]


class CustomerGroupAnswer(Model):
    customer_group: CustomerGroup


class UpsertedCustomerGroupAnswer(CustomerGroupAnswer):
    result: Upserted


class ManagedMembersAnswer(CustomerGroupAnswer):
    added: list[str]
    changed: Annotated[list[str], Field(description="Members whose terms were changed.")]
    removed: list[str]
    unchanged: list[str]


class CustomerAnswer(Model):
    customer: Customer


class UpsertedCustomerAnswer(CustomerAnswer):
    result: Upserted


class ListAnswer(Model):
    """A page. `count` is the number of matches. If counting them all would read too much, it is a lower bound."""

    count: int
    count_is_exact: Annotated[bool, Field(description="Present, and false, if `count` is a lower bound.")] = True
    offset: int
    limit: int
    next_cursor: str | None


class CustomerGroupsAnswer(ListAnswer):
    customer_groups: list[CustomerGroup]


class CustomersAnswer(ListAnswer):
    customers: list[Customer]


class MembersAnswer(ListAnswer):
    customers: list[Member]


class DeletedCustomerGroupAnswer(Model):
    id: str
    object: Literal["customer_group"]
    deleted: Literal[True]


class DeletedCustomerAnswer(Model):
    id: str
    object: Literal["customer"]
    deleted: Literal[True]
