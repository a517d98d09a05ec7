"""The exceptions of a group can be read by everyone who can read the group."""

from tests.api import Client
from tests.rules import GROUPS


def test_a_manual_group_has_none(api: Client) -> None:
    group = api.create_group("VIP")
    assert api.get(f"{GROUPS}/{group['id']}/exceptions").body == {"exceptions": {"always": [], "never": []}}
