"""Runs the first requests of README and compares the answers."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any, Final

from local.stack import Stack

README: Final = Path(__file__).parent.parent.parent / "README.md"
FIRST_REQUESTS: Final = re.compile(r"^## First requests$(.*?)^## ", re.MULTILINE | re.DOTALL)
BLOCK: Final = re.compile(r"^```(sh|json)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_every_answer_is_the_one_in_readme(stack: Stack) -> None:
    section = FIRST_REQUESTS.search(README.read_text())
    assert section
    blocks = BLOCK.findall(section[1])
    script = "\n".join(f"{text}echo" for kind, text in blocks if kind == "sh")
    shown = [answer for kind, text in blocks if kind == "json" for answer in _objects(text)]

    environment = {"PATH": "/usr/bin:/bin", "API": stack.api_url, "TOKEN": stack.token()}
    for _ in ("the first time", "once more"):
        run = subprocess.run(["bash", "-eu", "-c", script], env=environment, capture_output=True, text=True, check=True)  # noqa: S607 - bash is found on the PATH, like a reader's
        answered = list(_objects(run.stdout))
        assert len(shown) == len(answered) == 7
        for expected, answer in zip(shown, answered, strict=True):
            assert _matches(expected, answer), f"README shows {expected}, the answer is {answer}"


def _objects(text: str) -> list[Any]:
    decoder, found, rest = json.JSONDecoder(), [], text.strip()
    while rest:
        value, end = decoder.raw_decode(rest)
        found.append(value)
        rest = rest[end:].strip()
    return found


def _matches(shown: Any, answer: Any) -> bool:
    """Whether an answer matches, where `…` in a text stands for any text."""
    if isinstance(shown, str) and shown.endswith("…"):
        return isinstance(answer, str) and answer.startswith(shown[:-1])
    if isinstance(shown, dict) and isinstance(answer, dict):
        return shown.keys() == answer.keys() and all(_matches(shown[key], answer[key]) for key in shown)
    if isinstance(shown, list) and isinstance(answer, list):
        return len(shown) == len(answer) and all(map(_matches, shown, answer))
    return bool(shown == answer)
