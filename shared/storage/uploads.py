"""Uploads: announced files, which expire after a day."""

from typing import Final

from shared.domain import ids
from shared.domain.errors import UploadNotFound
from shared.dynamodb import actions, reads, transactions
from shared.dynamodb.expressions import ABSENT, Item
from shared.runtime import clock
from shared.storage import keys

KEPT_SECONDS: Final = 24 * 3600


def announce(filename: str, content_type: str, size: int, actor: str) -> Item:
    """Store the name, type and size of a file that is about to be uploaded."""
    upload_id = ids.new("upload")
    item: Item = {
        **keys.upload(upload_id)._asdict(),
        "id": upload_id,
        "filename": filename,
        "content_type": content_type,
        "size": size,
        "created_by": actor,
        "created_at": ids.created_at(upload_id),
        "expires_at": clock.epoch_seconds() + KEPT_SECONDS,
    }
    transactions.commit([actions.put(item, ABSENT)])
    return item


def get(upload_id: str) -> Item:
    """Raises UploadNotFound. Expired uploads are checked here, because DynamoDB may remove them late."""
    item = reads.get(keys.upload(upload_id), consistent=True)
    if item is None or item["expires_at"] <= clock.epoch_seconds():
        raise UploadNotFound(upload_id)
    return item
