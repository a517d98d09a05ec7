"""The steps of the user guide over HTTP."""

import httpx

from tests.stack import Post


def test_the_steps_of_the_user_guide_work(admin: httpx.Client, new_customer: Post, unique: str) -> None:
    anna, bela, chiara = (
        new_customer(first_name=name, last_name=f"Guide{unique}") for name in ("Anna", "Béla", "Chiara")
    )

    # Create a customer group.
    created = admin.post("/admin/customer-groups", json={"name": f"VIP {unique}", "metadata": {"discount_percent": 10}})
    assert created.status_code == 200, created.text
    group = created.json()["customer_group"]
    path = f"/admin/customer-groups/{group['id']}"
    assert group["name"] == f"VIP {unique}"
    assert group["customer_count"] == 0

    # View the list, search and sort it.
    found = admin.get("/admin/customer-groups", params={"q": unique, "order": "-name"}).json()
    assert [each["id"] for each in found["customer_groups"]] == [group["id"]]
    assert found["count"] == 1

    # View its details.
    shown = admin.get(path)
    assert shown.json()["customer_group"] == group
    assert admin.get(path, headers={"If-None-Match": shown.headers["ETag"]}).status_code == 304

    # Edit its name.
    renamed = admin.post(path, json={"name": f"Very important {unique}"}, headers={"If-Match": shown.headers["ETag"]})
    assert renamed.json()["customer_group"]["name"] == f"Very important {unique}"
    stale = admin.post(path, json={"name": "Stale"}, headers={"If-Match": shown.headers["ETag"]})
    assert (stale.status_code, stale.json()["type"]) == (412, "precondition_failed")

    # Add customers, and see them in the group.
    added = admin.post(f"{path}/customers", json={"add": [anna["id"], bela["id"], chiara["id"]]}).json()
    assert added["customer_group"]["customer_count"] == 3
    members = admin.get(f"{path}/customers", params={"order": "-created_at"}).json()
    assert [each["first_name"] for each in members["customers"]] == ["Chiara", "Béla", "Anna"]
    assert admin.get("/admin/customers", params={"groups": group["id"], "q": "béla"}).json()["count"] == 1

    # Remove one of them again.
    removed = admin.post(f"{path}/customers", json={"remove": [bela["id"]]}).json()
    assert removed["customer_group"]["customer_count"] == 2

    # Edit its metadata: merge, then replace as the table in the page does.
    merged = admin.post(path, json={"metadata": {"color": "blue"}}).json()["customer_group"]
    assert merged["metadata"] == {"discount_percent": 10, "color": "blue"}
    replaced = admin.put(f"{path}/metadata", json={"metadata": {"tests": "52"}}).json()["customer_group"]
    assert replaced["metadata"] == {"tests": "52"}

    # Delete it: its customers stay.
    assert admin.delete(path).json() == {"id": group["id"], "object": "customer_group", "deleted": True}
    assert admin.get(path).status_code == 404
    assert admin.get(f"/admin/customers/{anna['id']}").status_code == 200


def test_a_customer_can_be_added_to_groups(admin: httpx.Client, new_customer: Post, new_group: Post) -> None:
    customer, group = new_customer(first_name="Dora"), new_group()
    path = f"/admin/customers/{customer['id']}"

    changed = admin.post(path, json={"company_name": "Nordwind"}).json()["customer"]
    assert changed["company_name"] == "Nordwind"
    admin.post(f"{path}/customer-groups", json={"add": [group["id"]]})
    shown = admin.get(path, params={"fields": "+groups.name"}).json()["customer"]
    assert [each["name"] for each in shown["groups"]] == [group["name"]]
    assert admin.delete(path).json() == {"id": customer["id"], "object": "customer", "deleted": True}
    assert admin.get(f"/admin/customer-groups/{group['id']}").json()["customer_group"]["customer_count"] == 0


def test_a_repeated_request_is_replayed(admin: httpx.Client, unique: str) -> None:
    request = {"json": {"name": f"Once {unique}"}, "headers": {"Idempotency-Key": f"once-{unique}"}}
    first, second = (admin.post("/admin/customer-groups", **request) for _ in range(2))  # type: ignore[arg-type] # mypy cannot match the unpacked values to parameters
    assert first.json() == second.json()
