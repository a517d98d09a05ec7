"""POST /admin/customer-group-uploads."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.api import Client
from tests.jobs import UPLOADS, put

pytestmark = pytest.mark.usefixtures("surroundings")

FILE = {"filename": "vip.csv", "content_type": "text/csv", "size": 52}


def test_returns_an_upload_url_that_is_valid_for_an_hour(api: Client) -> None:
    upload = api.post(UPLOADS, FILE).body["upload"]
    assert upload["method"] == "PUT"
    assert upload["headers"] == {"Content-Type": "text/csv", "If-None-Match": "*"}
    assert f"uploads/{upload['id']}" in upload["url"]
    assert "X-Amz-Expires=3600" in upload["url"]
    assert "content-length%3Bcontent-type%3Bhost%3Bif-none-match" in upload["url"]


def test_every_upload_has_its_own_object(api: Client) -> None:
    first, second = (api.post(UPLOADS, FILE).body["upload"] for _ in range(2))
    assert first["id"] != second["id"]
    assert first["url"].partition("?")[0] != second["url"].partition("?")[0]


def test_a_file_cannot_be_replaced_once_it_is_uploaded(api: Client) -> None:
    upload = api.post(UPLOADS, FILE).body["upload"]
    put(upload, b"customer_id\nada@mail.example\n")
    with pytest.raises(ClientError) as refused:
        put(upload, b"customer_id\neve@mail.example\n")
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 412


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        ({"size": 0}, "size"),
        ({"size": 2_147_483_648}, "size"),
        ({"size": "52"}, "size"),
        ({"content_type": "application/zip"}, "content_type"),
        ({"filename": ""}, "filename"),
        ({"filename": "a\u0000.csv"}, "filename"),
        ({"path": "../results"}, "path"),
    ],
    ids=str,
)
def test_refuses_files_that_jobs_cannot_read(api: Client, wrong: dict[str, Any], fault: str) -> None:
    assert api.post(UPLOADS, {**FILE, **wrong}).faults == {fault}


def test_is_for_editors(api: Client) -> None:
    assert api.signed_in_as("viewer").post(UPLOADS, FILE).status == 403
    assert api.signed_in_as("editor").post(UPLOADS, FILE).status == 200
