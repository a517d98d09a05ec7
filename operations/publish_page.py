"""Upload the built admin web app to the bucket that CloudFront serves. `make deploy` runs this after the stack.

Assets, whose names contain a digest, are uploaded first and cached permanently. The document that refers to them is
uploaded last, so a browser never loads a document without its assets. Assets of earlier builds are kept for browsers
that still have the old document open.
"""

import json
import mimetypes
import time
from pathlib import Path
from typing import Any, Final

from rich.progress import track

from operations.deployment import Deployment

PAGE: Final = Path(__file__).parent.parent / "admin" / "dist"
IMMUTABLE: Final = "public, max-age=31536000, immutable"
REVALIDATE: Final = "no-cache"


def publish(deployment: Deployment, page: Path = PAGE) -> None:
    """Upload the page and invalidate CloudFront's cache."""
    bucket = deployment.outputs["PageBucketName"]
    s3 = deployment.client("s3")
    files = sorted((path for path in page.rglob("*") if path.is_file()), key=lambda path: path.name == "index.html")
    for path in track(files, description="Uploading the page"):
        name = path.relative_to(page).as_posix()
        cache_control = IMMUTABLE if name.startswith("assets/") else REVALIDATE
        s3.put_object(
            Bucket=bucket, Key=name, Body=path.read_bytes(), ContentType=_type(path), CacheControl=cache_control
        )
    s3.put_object(
        Bucket=bucket,
        Key="config.json",
        Body=json.dumps(configuration(deployment)).encode(),
        ContentType="application/json",
        CacheControl=REVALIDATE,
    )
    _invalidate(deployment)


def configuration(deployment: Deployment) -> dict[str, Any]:
    """The configuration that the page loads."""
    return {
        "region": deployment.session.region_name,
        "userPoolId": deployment.outputs["UserPoolId"],
        "clientId": deployment.outputs["UserPoolClientId"],
        "rolePrefix": deployment.outputs.get("RolePrefix", ""),
    }


def _invalidate(deployment: Deployment) -> None:
    """Invalidate the documents. Assets never change, so they stay in the cache."""
    deployment.client("cloudfront").create_invalidation(
        DistributionId=deployment.outputs["PageDistributionId"],
        InvalidationBatch={
            "Paths": {"Quantity": 2, "Items": ["/index.html", "/config.json"]},
            "CallerReference": str(time.time_ns()),
        },
    )


def _type(path: Path) -> str:
    return mimetypes.guess_type(path.name)[0] or "application/octet-stream"


def publish_if_served(deployment: Deployment) -> None:
    """Publish the page, if the stack serves it."""
    if "PageBucketName" not in deployment.outputs:
        print("The stack does not serve the page (ServeAdminPage is false).")
        return
    publish(deployment)
    print(f"The admin web app is at {deployment.outputs['AdminUrl']}")
