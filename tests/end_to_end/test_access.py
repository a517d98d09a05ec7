"""Authorization on the running stack, and the shape of errors."""

from collections.abc import Callable
from typing import Final

import httpx
import pytest

from tests import template
from tests.stack import Post

ROUTES: Final = [(route.method, route.path) for route in template.routes()]


def is_refusal(answer: httpx.Response, status: int, kind: str) -> bool:
    """Whether the response is an error with this status and type in the documented shape."""
    body = answer.json()
    return (
        answer.status_code == status
        and body["type"] == kind
        and set(body) - {"errors"} == {"type", "code", "message", "request_id"}
        and all(isinstance(value, str) and value for name, value in body.items() if name != "errors")
        and answer.headers["Content-Type"].startswith("application/json")
    )


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_requests_without_a_token_are_refused(anonymous: httpx.Client, method: str, path: str) -> None:
    answer = anonymous.request(method, path.replace("{id}", "cusgroup_01"))
    assert is_refusal(answer, 401, "unauthorized"), answer.text
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_modified_token_is_refused(
    client: Callable[[str | None], httpx.Client], token_for: Callable[[str | None], str]
) -> None:
    head, claims, signature = token_for("admin").split(".")
    forged = f"{head}.{claims}.{signature[::-1]}"
    assert is_refusal(client(forged).get("/admin/customer-groups"), 401, "unauthorized")


def test_a_person_without_a_role_is_refused(
    client: Callable[[str | None], httpx.Client], token_for: Callable[[str | None], str]
) -> None:
    assert is_refusal(client(token_for(None)).get("/admin/customer-groups"), 403, "forbidden")


def test_a_viewer_can_only_read(viewer: httpx.Client, new_group: Post) -> None:
    path = f"/admin/customer-groups/{new_group()['id']}"
    assert viewer.get(path).status_code == 200
    assert is_refusal(viewer.post(path, json={"name": "Mine"}), 403, "forbidden")
    assert is_refusal(viewer.delete(path), 403, "forbidden")


def test_an_editor_can_edit_but_not_delete(editor: httpx.Client, new_group: Post, unique: str) -> None:
    path = f"/admin/customer-groups/{new_group()['id']}"
    assert editor.post(path, json={"name": f"Ours {unique}"}).status_code == 200
    assert is_refusal(editor.delete(path), 403, "forbidden")
    assert is_refusal(editor.post("/admin/customers", json={"email": "a@b.example"}), 403, "forbidden")


def test_a_machine_has_the_permissions_of_its_scopes(
    client: Callable[[str | None], httpx.Client], machine: Callable[[str], str], new_group: Post, unique: str
) -> None:
    path = f"/admin/customer-groups/{new_group()['id']}"
    reader = client(machine("customer-groups/read"))
    writer = client(machine("customer-groups/read customer-groups/write"))
    assert reader.get(path).status_code == 200
    # The gateway refuses a scope that the route does not have, before it invokes the function.
    assert is_refusal(reader.post(path, json={"name": "Read only"}), 401, "unauthorized")
    assert writer.post(path, json={"name": f"Written {unique}"}).status_code == 200
    assert is_refusal(writer.delete(path), 401, "unauthorized")


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/admin/nothing"), ("PATCH", "/admin/customer-groups"), ("PATCH", "/admin/customers/1")],
)
def test_an_unknown_route_is_not_found(admin: httpx.Client, method: str, path: str) -> None:
    assert is_refusal(admin.request(method, path), 404, "not_found")


def test_other_origins_are_refused_by_cors(anonymous: httpx.Client) -> None:
    asked = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "POST"}
    answer = anonymous.options("/admin/customer-groups", headers=asked)
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == str(anonymous.base_url).rstrip("/")
    assert "If-Match" in answer.headers["Access-Control-Allow-Headers"]


def test_every_response_exposes_the_etag_to_the_allowed_origin(admin: httpx.Client, new_group: Post) -> None:
    answer = admin.get(f"/admin/customer-groups/{new_group()['id']}", headers={"Origin": str(admin.base_url)})
    assert answer.headers["Access-Control-Allow-Origin"] == str(admin.base_url).rstrip("/")
    assert "ETag" in answer.headers["Access-Control-Expose-Headers"]
