"""Steps that show they are alive."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console

console = Console(highlight=False, soft_wrap=True)


@contextmanager
def step(what: str) -> Iterator[None]:
    """Show `what` with a spinner while it lasts, and with its duration once it is done."""
    started = time.monotonic()
    if not console.is_terminal:
        # A log has no spinner: say what begins, so that a step which hangs has a name.
        console.print(f"{what} …")
    with console.status(f"{what} …"):
        yield
    if console.is_terminal:
        console.print(f"[green]✓[/] {what} [dim]{time.monotonic() - started:.1f} s[/]")
