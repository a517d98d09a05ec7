"""Upload the built admin web app to the bucket that CloudFront serves: `make deploy` runs it after the stack.

The files that are named after their content go first and stay cached for good; the document, which names them, goes
last. So a visitor never sees a document whose files are not there yet. Files of earlier builds stay for those who have
them open.
"""

import argparse
import json
import mimetypes
import time
from pathlib import Path
from typing import Any, Final

from rich.progress import track

from operations.deployment import Deployment, in_the_cloud

PAGE: Final = Path(__file__).parent.parent / "admin" / "dist"
FOR_GOOD: Final = "public, max-age=31536000, immutable"
ALWAYS_ASKED: Final = "no-cache"


def publish(deployment: Deployment, page: Path = PAGE) -> None:
    """Upload the page and tell CloudFront to forget the documents that it has."""
    bucket = deployment.outputs["PageBucketName"]
    s3 = deployment.client("s3")
    files = sorted((path for path in page.rglob("*") if path.is_file()), key=lambda path: path.name == "index.html")
    for path in track(files, description="Uploading the page"):
        name = path.relative_to(page).as_posix()
        kept = FOR_GOOD if name.startswith("assets/") else ALWAYS_ASKED
        s3.put_object(Bucket=bucket, Key=name, Body=path.read_bytes(), ContentType=_type(path), CacheControl=kept)
    s3.put_object(
        Bucket=bucket,
        Key="config.json",
        Body=json.dumps(configuration(deployment)).encode(),
        ContentType="application/json",
        CacheControl=ALWAYS_ASKED,
    )
    _forget(deployment)


def configuration(deployment: Deployment) -> dict[str, Any]:
    """What the page needs to know of its stack."""
    return {
        "region": deployment.session.region_name,
        "userPoolId": deployment.outputs["UserPoolId"],
        "clientId": deployment.outputs["UserPoolClientId"],
    }


def _forget(deployment: Deployment) -> None:
    """Make CloudFront ask for the documents again; everything else is named after its content."""
    deployment.client("cloudfront").create_invalidation(
        DistributionId=deployment.outputs["PageDistributionId"],
        InvalidationBatch={
            "Paths": {"Quantity": 2, "Items": ["/index.html", "/config.json"]},
            "CallerReference": str(time.time_ns()),
        },
    )


def _type(path: Path) -> str:
    return mimetypes.guess_type(path.name)[0] or "application/octet-stream"


def main() -> None:
    """Publish to the stack that the command line names."""
    parser = argparse.ArgumentParser(description="Upload the built admin web app.")
    parser.add_argument("--stack-name", default="customer-groups")
    deployment = in_the_cloud(parser.parse_args().stack_name)
    if "PageBucketName" not in deployment.outputs:
        print("The stack serves no page (ServeAdminPage is false).")
        return
    publish(deployment)
    print(f"The admin web app is at {deployment.outputs['AdminUrl']}")


if __name__ == "__main__":
    main()
