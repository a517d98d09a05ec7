"""Every refusal the service can answer with. An error knows its HTTP status, its type and its code."""

from collections.abc import Sequence
from typing import ClassVar, NotRequired, TypedDict


class Problem(TypedDict):
    """One fault of the input: where it is and what is wrong there."""

    path: str
    message: str


class ErrorBody(TypedDict):
    """The one shape of an error answer."""

    type: str
    code: str
    message: str
    request_id: str
    errors: NotRequired[list[Problem]]


class ApiError(Exception):
    """Base of all refusals. `code` defaults to the class name in snake case and is stable for clients."""

    status: ClassVar[int] = 500
    type: ClassVar[str] = "unexpected_state"
    code: ClassVar[str] = "unexpected_state"
    retry_after_seconds: ClassVar[int | None] = None

    def __init__(self, message: str, problems: Sequence[Problem] = ()) -> None:
        super().__init__(message)
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
    """400: the request cannot be understood or breaks a rule of the contract."""

    status = 400
    type = "invalid_data"

    @classmethod
    def at(cls, path: str, message: str) -> "InvalidData":
        """A refusal that names one field."""
        return cls(f"{path}: {message}", [Problem(path=path, message=message)])


class UnrecognizedFields(InvalidData):
    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(
            f"Unrecognized fields: {', '.join(repr(name) for name in names)}",
            [Problem(path=name, message="Unrecognized field") for name in names],
        )


class CustomerGroupNameTaken(InvalidData):
    def __init__(self, name: str) -> None:
        message = f"Customer group with name: {name}, already exists."
        super().__init__(message, [Problem(path="name", message=message)])


class CustomerEmailTaken(InvalidData):
    def __init__(self, email: str) -> None:
        message = f"Customer with email: {email}, already exists."
        super().__init__(message, [Problem(path="email", message=message)])


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
    def __init__(self, group_id: str) -> None:
        super().__init__(f"Customer group with id: {group_id} not found")


class CustomerNotFound(NotFound):
    def __init__(self, customer_id: str) -> None:
        super().__init__(f"Customer with id: {customer_id} not found")


class PreconditionFailed(ApiError):
    status = 412
    type = "precondition_failed"


class PayloadTooLarge(ApiError):
    status = 413
    type = "payload_too_large"


class Conflict(ApiError):
    status = 409
    type = "conflict"


class IdempotencyKeyInUse(Conflict):
    """409: the first request with this key has not been answered yet."""

    retry_after_seconds = 1


class IdempotencyKeyReused(ApiError):
    """422: the key came before with another request."""

    status = 422
    type = "unprocessable"


class TooManyRequests(ApiError):
    """429: the table or a contended item could not take the write in time. Every transaction was done whole or not."""

    status = 429
    type = "too_many_requests"
    retry_after_seconds = 1


class Unavailable(ApiError):
    """503: the table did not answer in time. Whether a write took effect is unknown; repeating the request is safe."""

    status = 503
    retry_after_seconds = 1

    def __init__(self) -> None:
        super().__init__("The service cannot answer right now. Repeating the request is safe.")


class Unexpected(ApiError):
    """500: a fault of ours. Its cause is in the log, never in the answer."""

    def __init__(self) -> None:
        super().__init__("An unexpected error occurred. Quote the request id when you report it.")
