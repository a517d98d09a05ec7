"""Who may call: roles of people, scopes of machines."""

from typing import Any

import pytest

from shared import access
from shared.config import config
from tests import template
from tests.api import ADMIN, ORIGIN, Claims, Client, event

VIEWER, EDITOR, ADMINISTRATOR = 1, 2, 3
NEEDS = {
    "create_customer_group": EDITOR,
    "update_customer_group": EDITOR,
    "replace_customer_group_metadata": EDITOR,
    "manage_group_customers": EDITOR,
    "manage_customer_groups": EDITOR,
    "delete_customer_group": ADMINISTRATOR,
    "create_customer": ADMINISTRATOR,
    "update_customer": ADMINISTRATOR,
    "delete_customer": ADMINISTRATOR,
}
CALLERS: list[tuple[Claims, int]] = [
    ({**ADMIN, "cognito:groups": "viewer"}, VIEWER),
    ({**ADMIN, "cognito:groups": "editor"}, EDITOR),
    ({**ADMIN, "cognito:groups": "admin"}, ADMINISTRATOR),
    ({**ADMIN, "cognito:groups": "viewer,editor"}, EDITOR),
    ({**ADMIN, "cognito:groups": "[other admin]"}, ADMINISTRATOR),
    ({**ADMIN, "cognito:groups": "administrators,Admin,superadmin"}, 0),
    ({**ADMIN, "cognito:groups": ""}, 0),
    ({"sub": "u1", "client_id": "erp", "scope": "aws.cognito.signin.user.admin"}, 0),
    ({"client_id": "erp", "scope": "customer-groups/read"}, VIEWER),
    ({"client_id": "erp", "scope": "customer-groups/read customer-groups/write"}, EDITOR),
    ({"client_id": "erp", "scope": "customer-groups/admin"}, ADMINISTRATOR),
    ({"client_id": "erp", "scope": "orders/admin customer-groups/administrate"}, 0),
]
operations = pytest.mark.parametrize("route", template.routes(), ids=lambda route: route.operation)


def path(route: template.Route) -> str:
    return route.path.replace("{id}", "cusgroup_01JD9Z0000000000000000000A")


@operations
@pytest.mark.parametrize(("claims", "role"), CALLERS)
def test_lets_in_who_has_the_role_and_no_one_else(
    api: Client, route: template.Route, claims: Claims, role: int
) -> None:
    answer = Client(api.table, claims).request(route.method, f"{path(route)}?fields=*nothing")
    if role >= NEEDS.get(route.operation, VIEWER):
        assert answer.status not in (401, 403)
    else:
        assert (answer.status, answer.body["type"], answer.body["code"]) == (403, "forbidden", "forbidden")


@operations
def test_refuses_a_request_without_claims(api: Client, route: template.Route) -> None:
    request = event(route.method, path(route), claims=None)
    nobody: list[dict[str, Any] | None] = [{}, {"claims": {}}, {"claims": None}, None]
    for authorizer in nobody:
        request["requestContext"]["authorizer"] = authorizer
        answer = api.send(request)
        assert (answer.status, answer.body["type"], answer.body["code"]) == (401, "unauthorized", "unauthorized")


@operations
@pytest.mark.parametrize("client_id", ["another-application", "4s2adminwebappexample,erp", "", None])
def test_refuses_a_token_of_another_application(api: Client, route: template.Route, client_id: str | None) -> None:
    claims = {name: value for name, value in {**ADMIN, "client_id": client_id}.items() if value is not None}
    answer = Client(api.table, claims).request(route.method, path(route))
    assert (answer.status, answer.body["type"], answer.body["code"]) == (401, "unauthorized", "unauthorized")


@operations
def test_refuses_before_it_looks_at_anything_else(api: Client, route: template.Route) -> None:
    assert (
        Client(api.table, {"sub": "u1", "client_id": "erp"})
        .request(route.method, f"{path(route)}?nonsense=1", "{")
        .status
        == 403
    )


def test_records_a_machine_by_its_client_id(api: Client) -> None:
    machine = Client(api.table, {"client_id": "erp", "scope": "customer-groups/write"})
    assert machine.create_group("From the ERP")["created_by"] == "erp"


def test_lets_a_developer_in_under_sam_local_alone(api: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    request = event("GET", "/admin/customer-groups", claims=None)
    assert api.send(request).status == 401
    monkeypatch.setattr(access, "config", config._replace(runs_under_sam_local=True))
    assert api.send(request).status == 200


@operations
def test_lets_pages_of_the_allowed_origin_read_the_answer(api: Client, route: template.Route) -> None:
    answer = api.request(route.method, f"{path(route)}?nonsense=1")
    assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert "ETag" in answer.headers["Access-Control-Expose-Headers"]


@operations
def test_lets_pages_of_no_other_origin_read_it(api: Client, route: template.Route) -> None:
    answer = api.request(route.method, path(route), headers={"Origin": "https://evil.example.net"})
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_does_not_remember_the_caller_before(api: Client) -> None:
    api.create_group("By an admin")
    nobody = Client(api.table, {"sub": "u1", "client_id": "erp"})
    assert nobody.post("/admin/customer-groups", {"name": "By nobody"}).status == 403
    assert api.signed_in_as("editor", sub="e1").create_group("By an editor")["created_by"] == "e1"
