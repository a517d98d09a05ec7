"""GET /admin/customer-groups/{id}/references."""

from typing import Any

from tests.api import Client

GROUPS = "/admin/customer-groups"


def put(api: Client, group: dict[str, Any], *uses: str) -> None:
    for use in uses:
        assert api.put(f"{GROUPS}/{group['id']}/references/{use}", {"label": f"Of {use}"}).status == 200


def test_lists_by_system_and_id_in_pages(api: Client) -> None:
    vip, retail = api.create_group("VIP"), api.create_group("Retail")
    put(api, vip, "pricing/b", "shipping/a", "pricing/a")
    put(api, retail, "pricing/z")
    first = api.get(f"{GROUPS}/{vip['id']}/references?limit=2").body
    assert [(one["system"], one["id"]) for one in first["references"]] == [("pricing", "a"), ("pricing", "b")]
    assert (first["count"], first["limit"]) == (3, 2)
    second = api.get(f"{GROUPS}/{vip['id']}/references?limit=2&cursor={first['next_cursor']}").body
    assert [(one["system"], one["id"]) for one in second["references"]] == [("shipping", "a")]
    assert (second["count"], second["next_cursor"]) == (3, None)
    answer = api.get(f"{GROUPS}/{retail['id']}/references?cursor={first['next_cursor']}")
    assert (answer.status, answer.faults) == (400, {"cursor"})


def test_is_empty_where_nothing_relies_on_the_group(api: Client) -> None:
    vip = api.create_group("VIP")
    answer = api.get(f"{GROUPS}/{vip['id']}/references")
    assert answer.body == {"references": [], "count": 0, "limit": 50, "next_cursor": None}


def test_an_unknown_or_deleted_group_is_not_found(api: Client) -> None:
    vip = api.create_group("VIP")
    put(api, vip, "pricing/a")
    api.delete(f"{GROUPS}/{vip['id']}?force=true")
    for group_id in (vip["id"], "cusgroup_none"):
        assert api.get(f"{GROUPS}/{group_id}/references").body["code"] == "customer_group_not_found"
