"""The resolver of a function, with the state of the current request."""

from aws_lambda_powertools.event_handler import APIGatewayRestResolver

from shared.http.access import Caller


class Resolver(APIGatewayRestResolver):
    """Powertools' resolver, with the state that the middlewares of a request share."""

    caller: Caller = Caller("nobody", None)
    request_key: str | None = None
    """Identifies the request, if the client sent an `Idempotency-Key`."""
    is_direct: bool = False
    """Whether the function was invoked directly by another service."""

    @property
    def actor(self) -> str:
        """The id of the caller."""
        return self.caller.actor
