"""Known vulnerabilities in what is pinned: `make vulnerabilities`. Where their data cannot be reached it says so.

Fails on what is known; not being able to ask is no failure, since nobody's build should wait for a host elsewhere.
"""

import subprocess
import sys
from pathlib import Path
from typing import Final

PINNED: Final = ("dependencies/requirements.txt", "requirements/dev.txt", "requirements/stack.txt")
UNREACHABLE: Final = ("ConnectionError", "HTTPError", "Max retries", "ServiceError", "ENOTFOUND", "audit endpoint")
SECONDS: Final = 120


def look(name: str, command: list[str], folder: Path) -> bool:
    """Ask about one list of pins, and tell what is known. False when something is."""
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=SECONDS)  # noqa: S603 - fixed
    except subprocess.TimeoutExpired:
        print(f"{name}: skipped, the data on vulnerabilities does not answer")
        return True
    said = done.stdout + done.stderr
    if "could not be audited" in said:
        print(f"{name}: skipped, the data on vulnerabilities cannot be reached from here")
        return True
    if done.returncode == 0:
        print(f"{name}: nothing is known")
        return True
    if any(word in said for word in UNREACHABLE):
        print(f"{name}: skipped, the data on vulnerabilities cannot be reached from here")
        return True
    print(f"{name}:\n{said}")
    return False


def main(tools: str) -> int:
    """0 when nothing is known of anything that could be asked about."""
    root = Path(__file__).parent.parent
    audit = [f"{tools}/pip-audit", "--disable-pip", "--require-hashes", "--progress-spinner", "off"]
    clean = [look(pins, [*audit, "--requirement", pins], root) for pins in PINNED]
    clean.append(look("admin", ["npm", "audit", "--audit-level", "moderate"], root / "admin"))
    return 0 if all(clean) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
