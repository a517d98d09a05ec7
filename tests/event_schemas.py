"""The committed schemas of the events."""

import json
from functools import cache
from pathlib import Path
from typing import Final

import jsonschema_rs

FOLDER: Final = Path(__file__).parent.parent / "docs" / "events"


@cache
def schema(detail_type: str) -> jsonschema_rs.Draft202012Validator:
    """The schema of a kind of event, in which undocumented properties are not allowed."""
    described = json.loads((FOLDER / f"{detail_type}.schema.json").read_text())
    return jsonschema_rs.Draft202012Validator({**described, "additionalProperties": False})
