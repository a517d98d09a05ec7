"""The browser for tests: an installed Chromium, Chrome or Edge, or else one that Playwright installs.

Run as a program, it makes sure that there is one. `make test` does this first.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, Playwright, sync_playwright
from playwright.sync_api import Error as PlaywrightError

NAMES: Final = (
    "chromium-headless-shell",  # the same engine without a window or extensions, which takes less CPU
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "microsoft-edge-stable",
    "msedge",
)
APPLICATIONS: Final = ("Google Chrome", "Chromium", "Microsoft Edge")
"""The locations on macOS, where programs are not on the PATH."""

# There is no sandbox for root in a container. The other options disable background requests.
ARGUMENTS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
NONE: Final = (
    "The browser tests need Chromium, Chrome or Edge: none was found that starts, and Playwright could not install "
    "its own ({reason}). Install one, or run make check end-to-end, which need none."
)


class NoBrowserError(Exception):
    """No browser is available. The message says what to do."""


def launch(playwright: Playwright) -> Browser:
    """Start the first browser that works. Raises NoBrowserError if none does."""
    reason = ""
    for executable in (*_installed(), None):
        try:
            return playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        except PlaywrightError as error:
            # It is installed but does not start, or Playwright's own is not installed: try the next one.
            reason = error.message.partition("\n")[0]
    raise NoBrowserError(NONE.format(reason=reason))


def ensure() -> None:
    """Install Playwright's browser if no other works. Raises NoBrowserError if that fails too."""
    with sync_playwright() as playwright:
        try:
            launch(playwright).close()
        except NoBrowserError:
            sys.stderr.write("No Chromium, Chrome or Edge starts here; Playwright installs a browser of its own …\n")
            _install()
            launch(playwright).close()


def _installed() -> Iterator[str]:
    """Installed programs that may be a suitable browser."""
    yield from (found for name in NAMES if (found := shutil.which(name)))
    for name in APPLICATIONS:
        for folder in (Path("/Applications"), Path.home() / "Applications"):
            program = folder / f"{name}.app" / "Contents" / "MacOS" / name
            if os.access(program, os.X_OK):
                yield str(program)


def _install() -> None:
    command = [sys.executable, "-m", "playwright", "install", "--only-shell", "chromium"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        said = [line.strip() for line in (done.stderr + done.stdout).splitlines() if "rror" in line]
        raise NoBrowserError(NONE.format(reason=said[0] if said else "its installer failed"))


def main() -> int:
    """Returns 0 if there is a browser, otherwise prints an error and returns 1."""
    try:
        ensure()
    except NoBrowserError as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
