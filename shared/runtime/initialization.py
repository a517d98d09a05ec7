"""Lambda's init phase: what a function prepares before its first request.

Outside Lambda, nothing is prepared. So tests and document builders can import functions without clients or an
environment. Clients are then created on first use.
"""

from collections.abc import Callable

from shared.runtime import environment


def prepare(*work: Callable[[], object]) -> None:
    """Call each function now, in Lambda. A missing setting is detected here, before the first request."""
    if environment.IN_LAMBDA:
        for one in work:
            one()
