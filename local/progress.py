"""Progress output for long steps."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console

console = Console(highlight=False, soft_wrap=True)


@contextmanager
def step(what: str) -> Iterator[None]:
    """Show `what` with a spinner during the block, and with its duration at the end."""
    started = time.monotonic()
    if not console.is_terminal:
        # There is no spinner in a log, so print the start of the step.
        console.print(f"{what} …")
    with console.status(f"{what} …"):
        yield
    if console.is_terminal:
        console.print(f"[green]✓[/] {what} [dim]{time.monotonic() - started:.1f} s[/]")
