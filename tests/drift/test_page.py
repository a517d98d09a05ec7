"""The page has the same headers in AWS and locally, and is uploaded correctly."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import boto3
import botocore.session
import pytest
from moto import mock_aws

from local.front import CONTENT_POLICY
from operations import publish_page
from operations.deployment import Deployment
from shared.jobs import files
from shared.runtime import aws, environment
from tests import template

OUTPUTS = {
    "PageBucketName": "the-page",
    "PageDistributionId": "E2PAGE",
    "UserPoolId": "eu-central-1_Pool",
    "UserPoolClientId": "client-of-the-page",
    "RolePrefix": "groups-",
}


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[Deployment]:
    with mock_aws():
        session = boto3.Session(region_name="us-east-1")
        session.client("s3").create_bucket(Bucket="the-page")
        monkeypatch.setattr(Deployment, "outputs", OUTPUTS)
        yield Deployment(session, "customer-groups")


def test_the_content_security_policy_is_the_same_locally_and_in_aws() -> None:
    headers = template.resources()["PageHeaders"]["Properties"]["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]
    in_the_cloud = headers["ContentSecurityPolicy"]["ContentSecurityPolicy"]["Fn::Sub"]
    elsewhere = ("https://cognito-idp.${AWS::Region}.${AWS::URLSuffix}", "https://${JobsBucket.RegionalDomainName}")
    for origin in elsewhere:
        in_the_cloud = in_the_cloud.replace(f" {origin}", "")
    assert in_the_cloud == CONTENT_POLICY


@pytest.mark.parametrize("region", ["us-east-1", "eu-central-1", "ap-southeast-2"])
def test_files_of_jobs_use_the_host_that_the_policy_allows(region: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """`JobsBucket.RegionalDomainName`, as S3 forms it; another name of the bucket is another origin to a browser."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", region)
    monkeypatch.setenv("AWS_REGION", region)
    monkeypatch.setattr(aws, "_session", botocore.session.Session)
    client = files.s3.__wrapped__()
    monkeypatch.setattr(files, "s3", lambda: client)
    allowed = f"{environment.jobs_bucket()}.s3.{region}.amazonaws.com"
    for url in (files.upload_url("uploads/upload_1", "text/csv", 10), files.download_url("results/job_1.csv", "a.csv")):
        assert urlsplit(url).netloc == allowed


def test_assets_are_cached_permanently_and_the_document_is_revalidated(
    cloud: Deployment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "index-4f2a.js").write_text("main()")
    (tmp_path / "index.html").write_text("<title>Customer Groups</title>")
    invalidated: list[str] = []
    monkeypatch.setattr(publish_page, "_invalidate", lambda deployment: invalidated.append(deployment.stack_name))

    publish_page.publish(cloud, tmp_path)

    s3 = cloud.client("s3")
    script = s3.get_object(Bucket="the-page", Key="assets/index-4f2a.js")
    document = s3.get_object(Bucket="the-page", Key="index.html")
    assert (script["ContentType"], script["CacheControl"]) == ("text/javascript", publish_page.IMMUTABLE)
    assert (document["ContentType"], document["CacheControl"]) == ("text/html", publish_page.REVALIDATE)
    assert invalidated == ["customer-groups"]


def test_the_published_page_is_configured_for_its_user_pool(cloud: Deployment) -> None:
    assert publish_page.configuration(cloud) == {
        "region": "us-east-1",
        "userPoolId": "eu-central-1_Pool",
        "clientId": "client-of-the-page",
        "rolePrefix": "groups-",
    }
