"""All errors that the service can return. Each has its HTTP status, type and code."""

import re
from collections.abc import Mapping, Sequence
from typing import ClassVar, NotRequired, TypedDict


class Problem(TypedDict):
    """One error in the input: the field and what is wrong with it."""

    path: str
    message: str


class ErrorBody(TypedDict):
    """The shape of all error responses."""

    type: str
    code: str
    message: str
    request_id: str
    errors: NotRequired[list[Problem]]
    references: NotRequired[list[Mapping[str, object]]]
    count: NotRequired[int]


def as_loggable(name: str) -> str:
    """A field name if it is safe to log. A name sent by a client can contain anything, such as an e-mail address."""
    return name if re.fullmatch(r"[\w$.:\[\]-]{1,128}", name) else "…"


class ApiError(Exception):
    """Base class of all errors. `code` is stable for clients and defaults to the class name in snake case.

    `message` is for the client of an HTTP request and can quote the client's input. `str(error)` goes to services that
    invoke a function directly, and so into logs and queues. If the message quotes a value, `log_message` is the same
    text without it.
    """

    status: ClassVar[int] = 500
    type: ClassVar[str] = "unexpected_state"
    code: ClassVar[str] = "unexpected_state"
    retry_after_seconds: ClassVar[int | None] = None

    def __init__(self, message: str, problems: Sequence[Problem] = (), *, log_message: str | None = None) -> None:
        super().__init__(message if log_message is None else log_message)
        self.message = message
        self.problems = list(problems)

    def __init_subclass__(cls) -> None:
        if "code" not in cls.__dict__:
            cls.code = "".join(f"_{c.lower()}" if c.isupper() else c for c in cls.__name__).lstrip("_")

    def body(self, request_id: str) -> ErrorBody:
        body = ErrorBody(type=self.type, code=self.code, message=self.message, request_id=request_id)
        if self.problems:
            body["errors"] = self.problems
        return body


class InvalidData(ApiError):
    """400: the request is malformed or breaks a rule."""

    status = 400
    type = "invalid_data"

    @classmethod
    def at(cls, path: str, message: str, *, log_message: str | None = None) -> "InvalidData":
        """An error in one field."""
        problems = [Problem(path=path, message=message)]
        return cls(f"{path}: {message}", problems, log_message=f"{path}: {log_message or message}")


class UnrecognizedFields(InvalidData):
    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(
            f"Unrecognized fields: {', '.join(repr(name) for name in names)}",
            [Problem(path=name, message="Unrecognized field") for name in names],
            log_message=f"Unrecognized fields: {', '.join(map(as_loggable, names))}",
        )


class CustomerGroupNameTaken(InvalidData):
    def __init__(self, name: str) -> None:
        message = f"Customer group with name: {name}, already exists."
        log_message = "name: another customer group has it"
        super().__init__(message, [Problem(path="name", message=message)], log_message=log_message)


class CustomerEmailTaken(InvalidData):
    def __init__(self, email: str) -> None:
        message = f"Customer with email: {email}, already exists."
        log_message = "email: another customer has it"
        super().__init__(message, [Problem(path="email", message=message)], log_message=log_message)


class OwnKeyTaken(InvalidData):
    """400: another record of the kind has this key."""

    def __init__(self, kind: str, own_key: str) -> None:
        message = f"{kind} with key: {own_key}, already exists."
        super().__init__(message, [Problem(path="key", message=message)], log_message="key: it is taken")


class CustomerGroupKeyTaken(OwnKeyTaken):
    def __init__(self, own_key: str) -> None:
        super().__init__("Customer group", own_key)


class CustomerKeyTaken(OwnKeyTaken):
    def __init__(self, own_key: str) -> None:
        super().__init__("Customer", own_key)


class CustomerGroupIsAutomatic(InvalidData):
    """400: a rule decides about the members of the group."""

    def __init__(self, group_id: str) -> None:
        super().__init__(
            f"Customer group with id: {group_id} is automatic: its rule decides who is in it. "
            "Change the rule, or its exceptions.",
            log_message=f"Customer group with id: {as_loggable(group_id)} is automatic",
        )


class CustomerGroupIsManual(InvalidData):
    """400: the group has no rule, so it has no exceptions."""

    def __init__(self, group_id: str) -> None:
        super().__init__(
            f"Customer group with id: {group_id} has no rule, so there can be no exceptions from it.",
            log_message=f"Customer group with id: {as_loggable(group_id)} has no rule",
        )


class Unauthorized(ApiError):
    status = 401
    type = "unauthorized"


class Forbidden(ApiError):
    status = 403
    type = "forbidden"


class NotFound(ApiError):
    status = 404
    type = "not_found"


class RouteNotFound(NotFound):
    pass


class CustomerGroupNotFound(NotFound):
    def __init__(self, given: str, by: str = "id") -> None:
        super().__init__(
            f"Customer group with {by}: {given} not found",
            log_message=f"Customer group with {by}: {as_loggable(given)} not found",
        )


class CustomerNotFound(NotFound):
    def __init__(self, given: str, by: str = "id") -> None:
        super().__init__(
            f"Customer with {by}: {given} not found", log_message=f"Customer with {by}: {as_loggable(given)} not found"
        )


class JobNotFound(NotFound):
    def __init__(self, job_id: str) -> None:
        super().__init__(
            f"Job with id: {job_id} not found", log_message=f"Job with id: {as_loggable(job_id)} not found"
        )


class ReferenceNotFound(NotFound):
    def __init__(self, system: str, reference_id: str) -> None:
        super().__init__(
            f"Reference {reference_id} of {system} not found",
            log_message=f"Reference {as_loggable(reference_id)} of {as_loggable(system)} not found",
        )


class UploadNotFound(NotFound):
    """404: the upload does not exist or has expired."""

    def __init__(self, upload_id: str) -> None:
        super().__init__(
            f"Upload with id: {upload_id} not found, or expired",
            log_message=f"Upload with id: {as_loggable(upload_id)} not found, or expired",
        )


class PreconditionFailed(ApiError):
    status = 412
    type = "precondition_failed"


class PayloadTooLarge(ApiError):
    status = 413
    type = "payload_too_large"


class Conflict(ApiError):
    status = 409
    type = "conflict"


class IdTaken(Conflict):
    """409: a record with the chosen id exists, or existed and is still being deleted."""

    def __init__(self, kind: str, record_id: str) -> None:
        message = f"{kind} with id: {record_id}, already exists."
        super().__init__(message, [Problem(path="id", message=message)], log_message="id: it is taken")


class CustomerGroupIdTaken(IdTaken):
    def __init__(self, group_id: str) -> None:
        super().__init__("Customer group", group_id)


class CustomerIdTaken(IdTaken):
    def __init__(self, customer_id: str) -> None:
        super().__init__("Customer", customer_id)


class CustomerGroupInUse(Conflict):
    """409: other systems use the group. The response contains the first of their references, and the total number."""

    def __init__(self, references: Sequence[Mapping[str, object]], count: int) -> None:
        names = ", ".join(f"{one['system']}: {one['label']}" for one in references)
        more = f" and {count - len(references)} more" if count > len(references) else ""
        super().__init__(
            f"The customer group is in use by {names}{more}. With force=true it is deleted nevertheless.",
            log_message=f"The customer group is in use by {count} references",
        )
        self.references = list(references)
        self.count = count

    def body(self, request_id: str) -> ErrorBody:
        return {**super().body(request_id), "references": self.references, "count": self.count}


class TooManyReferences(Conflict):
    """409: the event of the group's deletion could not contain more references."""

    def __init__(self, most: int) -> None:
        super().__init__(f"A customer group can have {most:,} references at most")


class UploadIncomplete(Conflict):
    """409: the file has not been uploaded, or its size differs from the announced one."""


class JobFinished(Conflict):
    """409: the job has finished, so it cannot be cancelled."""

    def __init__(self, job_id: str, status: str) -> None:
        super().__init__(f"Job {job_id} has {status} already")


class IdempotencyKeyInUse(Conflict):
    """409: the first request with this key is still running."""

    retry_after_seconds = 1


class IdempotencyKeyReused(ApiError):
    """422: the key was used with a different request before."""

    status = 422
    type = "unprocessable"


class TooManyRequests(ApiError):
    """429: the table is throttled or an item is contended. Each transaction was committed completely or not at all."""

    status = 429
    type = "too_many_requests"
    retry_after_seconds = 1


class Unavailable(ApiError):
    """503: the table did not respond in time. A write may have been committed. Repeating the request is safe."""

    status = 503
    retry_after_seconds = 1

    def __init__(self) -> None:
        super().__init__("The service cannot answer right now. Repeating the request is safe.")


class Unexpected(ApiError):
    """500: an unexpected error. Its cause is logged, and the response has no details."""

    def __init__(self) -> None:
        super().__init__("An unexpected error occurred. Quote the request id when you report it.")


class PoisonError(Exception):
    """A message or stream record that can never be processed. The error message has no personal data."""
