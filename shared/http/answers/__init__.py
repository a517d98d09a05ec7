"""Models of the answers, for the OpenAPI document. Functions refer to them by name and do not import them."""

from shared.http.answers.errors import ErrorAnswer
from shared.http.answers.histories import CustomerHistoryAnswer, HistoryAnswer
from shared.http.answers.jobs import JobAnswer, JobsAnswer, UploadAnswer
from shared.http.answers.records import (
    CustomerAnswer,
    CustomerGroupAnswer,
    CustomerGroupsAnswer,
    CustomersAnswer,
    DeletedCustomerAnswer,
    DeletedCustomerGroupAnswer,
    ListAnswer,
    ManagedMembersAnswer,
    MembersAnswer,
    UpsertedCustomerAnswer,
    UpsertedCustomerGroupAnswer,
)
from shared.http.answers.references import DeletedReferenceAnswer, ReferenceAnswer, ReferencesAnswer
from shared.http.answers.resources import Customer, CustomerGroup
from shared.http.answers.rules import ExceptionsAnswer, PreviewAnswer

__all__ = [
    "Customer",
    "CustomerAnswer",
    "CustomerGroup",
    "CustomerGroupAnswer",
    "CustomerGroupsAnswer",
    "CustomerHistoryAnswer",
    "CustomersAnswer",
    "DeletedCustomerAnswer",
    "DeletedCustomerGroupAnswer",
    "DeletedReferenceAnswer",
    "ErrorAnswer",
    "ExceptionsAnswer",
    "HistoryAnswer",
    "JobAnswer",
    "JobsAnswer",
    "ListAnswer",
    "ManagedMembersAnswer",
    "MembersAnswer",
    "PreviewAnswer",
    "ReferenceAnswer",
    "ReferencesAnswer",
    "UploadAnswer",
    "UpsertedCustomerAnswer",
    "UpsertedCustomerGroupAnswer",
]
