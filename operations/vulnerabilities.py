"""Checks the pinned packages for known vulnerabilities: `make vulnerabilities`.

Fails if one is found. If the vulnerability data cannot be reached, the check is skipped, so that a build does not
depend on another host.
"""

import subprocess
import sys
from pathlib import Path
from typing import Final

PINNED: Final = ("dependencies/requirements.txt", "requirements/dev.txt", "requirements/stack.txt")
UNREACHABLE: Final = ("ConnectionError", "HTTPError", "Max retries", "ServiceError", "ENOTFOUND", "audit endpoint")
SECONDS: Final = 120


def check(name: str, command: list[str], folder: Path) -> bool:
    """Check one list of pins and print the result. Returns False if a vulnerability is known."""
    try:
        process = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=SECONDS)  # noqa: S603 - fixed
    except subprocess.TimeoutExpired:
        print(f"{name}: skipped, the vulnerability data does not respond")
        return True
    output = process.stdout + process.stderr
    if "could not be audited" in output:
        print(f"{name}: skipped, the vulnerability data cannot be reached")
        return True
    if process.returncode == 0:
        print(f"{name}: no known vulnerabilities")
        return True
    if any(word in output for word in UNREACHABLE):
        print(f"{name}: skipped, the vulnerability data cannot be reached")
        return True
    print(f"{name}:\n{output}")
    return False


def main(tools: str) -> int:
    """Returns 0 if no vulnerability is known."""
    root = Path(__file__).parent.parent
    audit = [f"{tools}/pip-audit", "--disable-pip", "--require-hashes", "--progress-spinner", "off"]
    clean = [check(pins, [*audit, "--requirement", pins], root) for pins in PINNED]
    clean.append(check("admin", ["npm", "audit", "--audit-level", "moderate"], root / "admin"))
    return 0 if all(clean) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
