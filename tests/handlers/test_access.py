"""Authorization: roles of people, scopes of machines."""

import re
from typing import Any

import pytest

from shared.runtime import environment
from tests import template
from tests.api import ADMIN, ORIGIN, Claims, Client, event, token

VIEWER, EDITOR, ADMINISTRATOR = 1, 2, 3
NEEDS = {
    "create_customer_group": EDITOR,
    "update_customer_group": EDITOR,
    "upsert_customer_group": EDITOR,
    "upsert_customer": ADMINISTRATOR,
    "put_reference": EDITOR,
    "put_exceptions": EDITOR,
    "delete_reference": EDITOR,
    "replace_customer_group_metadata": EDITOR,
    "manage_group_customers": EDITOR,
    "manage_customer_groups": EDITOR,
    "delete_customer_group": ADMINISTRATOR,
    "create_customer": ADMINISTRATOR,
    "update_customer": ADMINISTRATOR,
    "delete_customer": ADMINISTRATOR,
    "create_upload": EDITOR,
    "start_job": EDITOR,
    "cancel_job": EDITOR,
}


def person(**claims: str) -> Claims:
    """The claims of a user without a group in the user pool."""
    return {name: value for name, value in ADMIN.items() if name != "cognito:groups"} | claims


def machine(scope: str) -> Claims:
    """The claims of a machine with client credentials."""
    return {"sub": "erp", "client_id": "erp", "token_use": "access", "scope": scope}


CALLERS: list[tuple[Claims, int]] = [
    ({**ADMIN, "cognito:groups": "viewer"}, VIEWER),
    ({**ADMIN, "cognito:groups": "editor"}, EDITOR),
    ({**ADMIN, "cognito:groups": "admin"}, ADMINISTRATOR),
    ({**ADMIN, "cognito:groups": ["viewer", "editor"]}, EDITOR),
    ({**ADMIN, "cognito:groups": ["other", "admin"]}, ADMINISTRATOR),
    ({**ADMIN, "cognito:groups": ["administrators", "Admin", "superadmin"]}, 0),
    ({**ADMIN, "cognito:groups": ["shop,admin"]}, 0),
    ({**ADMIN, "cognito:groups": ["shop,admin", "viewer"]}, VIEWER),
    ({**ADMIN, "cognito:groups": ["[admin]"]}, 0),
    ({**ADMIN, "cognito:groups": "[other;admin]"}, 0),
    ({**ADMIN, "cognito:groups": ""}, 0),
    (person(), 0),
    (person(scope="customer-groups/admin aws.cognito.signin.user.admin"), 0),
    (person(scope="customer-groups/admin", **{"cognito:groups": "viewer"}), VIEWER),
    (machine("customer-groups/read"), VIEWER),
    (machine("customer-groups/read customer-groups/write"), EDITOR),
    (machine("customer-groups/admin"), ADMINISTRATOR),
    (machine("orders/admin customer-groups/administrate"), 0),
    ({**machine("orders/read"), "cognito:groups": "admin"}, 0),
]
operations = pytest.mark.parametrize("route", template.routes(), ids=lambda route: route.operation)


def path(route: template.Route) -> str:
    return re.sub(r"{\w+}", "cusgroup_01JD9Z0000000000000000000A", route.path)


@operations
@pytest.mark.parametrize(("claims", "role"), CALLERS)
def test_accepts_callers_with_the_role_and_refuses_others(
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
def test_checks_the_role_before_anything_else(api: Client, route: template.Route) -> None:
    assert Client(api.table, person()).request(route.method, f"{path(route)}?nonsense=1", "{").status == 403


def test_reads_groups_from_the_token_when_the_gateways_text_has_a_comma(api: Client) -> None:
    request = event("GET", "/admin/customer-groups", claims={**ADMIN, "cognito:groups": ["viewer", "other"]})
    assert api.send(request).status == 200
    forged = f"Bearer {token({**ADMIN, 'cognito:groups': ['admin']})}"
    stranger = f"Bearer {token({**ADMIN, 'jti': 'another', 'cognito:groups': ['admin']})}"
    true = request["multiValueHeaders"]["Authorization"]
    for written in ([*true, forged], [forged, *true], [stranger], ["Bearer x"], ["Bearer a.b.c"], [""], []):
        request["multiValueHeaders"]["Authorization"] = written
        assert api.send(request).status == 403


@operations
def test_accepts_only_groups_with_the_prefix_in_a_shared_pool(
    api: Client, route: template.Route, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(environment, "role_prefix", lambda: "groups-")

    def lets_in(*groups: str) -> bool:
        caller = Client(api.table, {**ADMIN, "cognito:groups": list(groups)})
        return caller.request(route.method, f"{path(route)}?fields=*nothing").status not in (401, 403)

    assert lets_in("groups-admin")
    assert lets_in("shop", "groups-admin")
    for others in (["admin"], ["groups-"], ["groups-shop,groups-admin"], ["admin", "groups"], ["groups-groups-admin"]):
        assert not lets_in(*others)


def test_stores_the_client_id_of_a_machine_as_actor(api: Client) -> None:
    erp = Client(api.table, machine("customer-groups/write"))
    assert erp.create_group("From the ERP")["created_by"] == "erp"


def test_accepts_requests_without_claims_only_in_sam_local(api: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    request = event("GET", "/admin/customer-groups", claims=None)
    assert api.send(request).status == 401
    monkeypatch.setenv("AWS_SAM_LOCAL", "true")
    assert api.send(request).status == 200


@operations
def test_sends_cors_headers_to_the_allowed_origin(api: Client, route: template.Route) -> None:
    answer = api.request(route.method, f"{path(route)}?nonsense=1")
    assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert "ETag" in answer.headers["Access-Control-Expose-Headers"]


@operations
def test_sends_no_cors_headers_to_other_origins(api: Client, route: template.Route) -> None:
    answer = api.request(route.method, path(route), headers={"Origin": "https://evil.example.net"})
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_does_not_keep_the_caller_of_the_previous_request(api: Client) -> None:
    api.create_group("By an admin")
    nobody = Client(api.table, person())
    assert nobody.post("/admin/customer-groups", {"name": "By nobody"}).status == 403
    assert api.signed_in_as("editor", sub="e1").create_group("By an editor")["created_by"] == "e1"
