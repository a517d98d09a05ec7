"""The page is served in the cloud and on a laptop; both must be the same page under the same rules."""

from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from moto import mock_aws

from local.front import CONTENT_POLICY
from operations import publish_page
from operations.deployment import Deployment
from tests import template

OUTPUTS = {
    "PageBucketName": "the-page",
    "PageDistributionId": "E2PAGE",
    "UserPoolId": "eu-central-1_Pool",
    "UserPoolClientId": "client-of-the-page",
}


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[Deployment]:
    with mock_aws():
        session = boto3.Session(region_name="us-east-1")
        session.client("s3").create_bucket(Bucket="the-page")
        monkeypatch.setattr(Deployment, "outputs", OUTPUTS)
        yield Deployment(session, "customer-groups")


def test_the_content_policy_is_the_same_here_and_in_the_cloud() -> None:
    headers = template.resources()["PageHeaders"]["Properties"]["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]
    in_the_cloud = headers["ContentSecurityPolicy"]["ContentSecurityPolicy"]["Fn::Sub"]
    assert in_the_cloud.replace(" https://cognito-idp.${AWS::Region}.${AWS::URLSuffix}", "") == CONTENT_POLICY


def test_published_files_are_kept_for_good_and_the_document_is_asked_for_again(
    cloud: Deployment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "index-4f2a.js").write_text("main()")
    (tmp_path / "index.html").write_text("<title>Customer Groups</title>")
    forgotten: list[str] = []
    monkeypatch.setattr(publish_page, "_forget", lambda deployment: forgotten.append(deployment.stack_name))

    publish_page.publish(cloud, tmp_path)

    s3 = cloud.client("s3")
    script = s3.get_object(Bucket="the-page", Key="assets/index-4f2a.js")
    document = s3.get_object(Bucket="the-page", Key="index.html")
    assert (script["ContentType"], script["CacheControl"]) == ("text/javascript", publish_page.FOR_GOOD)
    assert (document["ContentType"], document["CacheControl"]) == ("text/html", publish_page.ALWAYS_ASKED)
    assert forgotten == ["customer-groups"]


def test_the_published_page_knows_its_user_pool(cloud: Deployment) -> None:
    assert publish_page.configuration(cloud) == {
        "region": "us-east-1",
        "userPoolId": "eu-central-1_Pool",
        "clientId": "client-of-the-page",
    }
