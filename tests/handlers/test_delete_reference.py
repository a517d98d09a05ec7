"""DELETE /admin/customer-groups/{id}/references/{system}/{reference_id}."""

from typing import Any

import pytest

from tests.api import Client

GROUPS = "/admin/customer-groups"


@pytest.fixture
def vip(api: Client) -> dict[str, Any]:
    group = api.create_group("VIP")
    for use in ("pricing/sale", "promotions/may"):
        assert api.put(f"{GROUPS}/{group['id']}/references/{use}", {"label": "Sale"}).status == 200
    return group


def test_takes_the_reference_back(api: Client, vip: dict[str, Any]) -> None:
    answer = api.delete(f"{GROUPS}/{vip['id']}/references/pricing/sale")
    assert answer.body == {"id": "sale", "object": "reference", "deleted": True}
    left = api.get(f"{GROUPS}/{vip['id']}/references").body
    assert ([one["system"] for one in left["references"]], left["count"]) == (["promotions"], 1)


def test_the_group_can_be_deleted_when_nothing_relies_on_it_any_more(api: Client, vip: dict[str, Any]) -> None:
    for use in ("pricing/sale", "promotions/may"):
        assert api.delete(f"{GROUPS}/{vip['id']}").status == 409
        assert api.delete(f"{GROUPS}/{vip['id']}/references/{use}").status == 200
    assert api.delete(f"{GROUPS}/{vip['id']}").status == 200


def test_what_is_not_there_is_not_found(api: Client, vip: dict[str, Any]) -> None:
    for _ in range(2):
        answer = api.delete(f"{GROUPS}/{vip['id']}/references/pricing/other")
        assert (answer.status, answer.message) == (404, "Reference other of pricing not found")
    assert api.delete(f"{GROUPS}/cusgroup_none/references/pricing/sale").body["code"] == "customer_group_not_found"


def test_leaves_nothing_behind(api: Client, vip: dict[str, Any]) -> None:
    for use in ("pricing/sale", "promotions/may"):
        api.delete(f"{GROUPS}/{vip['id']}/references/{use}")
    assert not [item for item in api.table.items() if "REFERENCE" in item["SK"]]
