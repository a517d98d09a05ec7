"""Who gets in, who does not, and that every refusal has the one shape."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
import yaml

type Post = Callable[..., dict[str, Any]]

TEMPLATE: Final = Path(__file__).parents[2] / "template.yaml"


class _Loader(yaml.SafeLoader):
    """Reads a CloudFormation template; what its functions would say is of no interest here."""


_Loader.add_multi_constructor("!", lambda *_: None)


def routes() -> list[tuple[str, str]]:
    """Method and path of every route of the template."""
    resources = yaml.load(TEMPLATE.read_text(), _Loader)["Resources"]  # noqa: S506 - a SafeLoader
    return [
        (event["Properties"]["Method"], event["Properties"]["Path"])
        for resource in resources.values()
        for event in resource.get("Properties", {}).get("Events", {}).values()
        if event["Type"] == "Api"
    ]


def is_refusal(answer: httpx.Response, status: int, kind: str) -> bool:
    """Whether the answer is an error of this status and type in the one shape."""
    body = answer.json()
    return (
        answer.status_code == status
        and body["type"] == kind
        and set(body) - {"errors"} == {"type", "code", "message", "request_id"}
        and all(isinstance(value, str) and value for name, value in body.items() if name != "errors")
        and answer.headers["Content-Type"].startswith("application/json")
    )


@pytest.mark.parametrize(("method", "path"), routes())
def test_nobody_gets_in_without_a_token(anonymous: httpx.Client, method: str, path: str) -> None:
    answer = anonymous.request(method, path.replace("{id}", "cusgroup_01"))
    assert is_refusal(answer, 401, "unauthorized"), answer.text
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_token_that_was_tampered_with_is_no_token(
    client: Callable[[str | None], httpx.Client], token_for: Callable[[str | None], str]
) -> None:
    head, claims, signature = token_for("admin").split(".")
    forged = f"{head}.{claims}.{signature[::-1]}"
    assert is_refusal(client(forged).get("/admin/customer-groups"), 401, "unauthorized")


def test_a_person_without_a_role_is_refused(
    client: Callable[[str | None], httpx.Client], token_for: Callable[[str | None], str]
) -> None:
    assert is_refusal(client(token_for(None)).get("/admin/customer-groups"), 403, "forbidden")


def test_a_viewer_sees_and_changes_nothing(viewer: httpx.Client, new_group: Post) -> None:
    path = f"/admin/customer-groups/{new_group()['id']}"
    assert viewer.get(path).status_code == 200
    assert is_refusal(viewer.post(path, json={"name": "Mine"}), 403, "forbidden")
    assert is_refusal(viewer.delete(path), 403, "forbidden")


def test_an_editor_edits_and_deletes_nothing(editor: httpx.Client, new_group: Post, unique: str) -> None:
    path = f"/admin/customer-groups/{new_group()['id']}"
    assert editor.post(path, json={"name": f"Ours {unique}"}).status_code == 200
    assert is_refusal(editor.delete(path), 403, "forbidden")
    assert is_refusal(editor.post("/admin/customers", json={"email": "a@b.example"}), 403, "forbidden")


def test_a_machine_may_what_its_scopes_say(
    client: Callable[[str | None], httpx.Client], machine: Callable[[str], str], new_group: Post, unique: str
) -> None:
    path = f"/admin/customer-groups/{new_group()['id']}"
    reader = client(machine("customer-groups/read"))
    writer = client(machine("customer-groups/read customer-groups/write"))
    assert reader.get(path).status_code == 200
    # The gateway itself refuses a scope that the route does not name, before the function is asked.
    assert is_refusal(reader.post(path, json={"name": "Read only"}), 401, "unauthorized")
    assert writer.post(path, json={"name": f"Written {unique}"}).status_code == 200
    assert is_refusal(writer.delete(path), 401, "unauthorized")


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/admin/nothing"), ("PATCH", "/admin/customer-groups"), ("PUT", "/admin/customers/1")],
)
def test_an_unknown_route_is_not_found(admin: httpx.Client, method: str, path: str) -> None:
    assert is_refusal(admin.request(method, path), 404, "not_found")


def test_other_origins_are_told_which_one_is_welcome(anonymous: httpx.Client) -> None:
    asked = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "POST"}
    answer = anonymous.options("/admin/customer-groups", headers=asked)
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == str(anonymous.base_url).rstrip("/")
    assert "If-Match" in answer.headers["Access-Control-Allow-Headers"]


def test_every_answer_exposes_the_etag_to_the_welcome_origin(admin: httpx.Client, new_group: Post) -> None:
    answer = admin.get(f"/admin/customer-groups/{new_group()['id']}", headers={"Origin": str(admin.base_url)})
    assert answer.headers["Access-Control-Allow-Origin"] == str(admin.base_url).rstrip("/")
    assert "ETag" in answer.headers["Access-Control-Expose-Headers"]
