"""Jobs and uploads in the shape of the API."""

from datetime import UTC, datetime
from typing import Any, Final

from shared.domain import exact_json, moments
from shared.dynamodb.expressions import Item
from shared.jobs import files
from shared.runtime import clock
from shared.storage import jobs

PLAIN: Final = ("id", "type", "status", "dry_run")


def job(item: Item) -> dict[str, Any]:
    """A job. The URL of its result is included until the result is deleted."""
    return {
        **{name: item[name] for name in PLAIN},
        "request": exact_json.loads(item["request"]),
        "customer_group_id": item.get("target"),
        "totals": jobs.totals(item),
        "error": {name: item["error"][name] for name in ("code", "message")} if "error" in item else None,
        "result": _result(item),
        "created_by": item["created_by"],
        "created_by_name": None,
        "created_at": item["created_at"],
        "started_at": item.get("started_at"),
        "cancel_requested_at": item.get("cancel_requested_at"),
        "finished_at": item.get("finished_at"),
    }


def upload(item: Item) -> dict[str, Any]:
    """An upload, with the URL for its file."""
    url = files.upload_url(files.uploaded(item["id"]), item["content_type"], item["size"])
    return {
        "id": item["id"],
        "url": url,
        "method": "PUT",
        "headers": files.upload_headers(item["content_type"]),
        "expires_at": _in(files.UPLOAD_SECONDS),
    }


def _result(item: Item) -> dict[str, Any] | None:
    if "result" not in item or item["result_expires_at"] <= clock.epoch_seconds():
        return None
    key = item["result"]
    return {
        "url": files.download_url(key, key.rpartition("/")[2]),
        "url_expires_at": _in(files.DOWNLOAD_SECONDS),
        "expires_at": moments.iso(datetime.fromtimestamp(item["result_expires_at"], UTC)),
    }


def _in(seconds: int) -> str:
    return moments.iso(datetime.fromtimestamp(clock.epoch_seconds() + seconds, UTC))
