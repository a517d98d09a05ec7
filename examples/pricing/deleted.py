"""Ends the offers of a deleted group.

`make pricing` registers each offer as a reference to its group. So such a group is not deleted by accident. If an admin
deletes it with `force`, the event contains its references.
"""

import json
from typing import Any


def handler(event: dict[str, Any], _: object) -> list[str]:
    """Return the offers that end. A shop that stores offers would turn them off here; these are in the metadata."""
    ended = [one["id"] for one in event["detail"]["references"] if one["system"] == "pricing"]
    for offer in ended:
        print(json.dumps({"message": "offer ended", "offer": offer, "group": event["detail"]["customer_group_id"]}))
    return ended
