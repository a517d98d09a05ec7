"""The job that a request orders."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from shared.domain.validation import as_refusal
from shared.http.job_bodies import AnyJob, ChangeMembers, Export, Import, JobBody, MoveMembers
from shared.http.queries import filters
from shared.jobs.start import Order
from shared.storage import own_keys
from shared.storage.kinds import GROUP


def order(body: AnyJob) -> Order:
    """The requested job. Raises InvalidData for an invalid filter."""
    as_given, body = body, _by_ids(body)
    changes = body if isinstance(body, ChangeMembers) else None
    if changes and changes.source.filter is not None:
        filters.listing(changes.source.filter)
    if isinstance(body, MoveMembers) and body.filter is not None:
        filters.listing(body.filter, "filter")
    return Order(
        type=body.type,
        request=_as_sent(as_given),
        work=body.model_dump(by_alias=True, exclude={"source": {"values"}, "customer_ids": True, "dry_run": True}),
        dry_run=body.dry_run,
        groups=body.groups(),
        changed=body.changed(),
        new_group=body.new_group(),
        upload_id=changes.source.upload_id if changes else body.upload_id if isinstance(body, Import) else None,
        values=changes.source.values if changes else body.customer_ids if isinstance(body, MoveMembers) else None,
        format=body.format if isinstance(body, Export) else None,
        target=body.target(),
    )


def _as_sent(body: JobBody) -> Mapping[str, Any]:
    """The request as it is shown. Long lists are replaced by their length."""
    sent = body.model_dump(by_alias=True, exclude_unset=True, exclude={"source": {"values"}, "customer_ids": True})
    if isinstance(body, ChangeMembers) and body.source.values is not None:
        sent["source"] = {"value_count": len(body.source.values)}
    if isinstance(body, MoveMembers) and body.customer_ids is not None:
        sent["customer_id_count"] = len(body.customer_ids)
    return sent


def _by_ids(body: AnyJob) -> AnyJob:
    """The same job with the ids of its groups instead of keys. A key that no group has is kept, and matches nothing."""
    given = list(body.groups())
    found = dict(zip(given, own_keys.resolved(GROUP, given), strict=True))
    if all(one == group_id for one, group_id in found.items()):
        return body
    fields = body.model_dump(by_alias=True)
    for name in ("customer_group_id", "from", "to"):
        if name in fields:
            fields[name] = found[fields[name]]
    if fields.get("customer_group_ids"):
        fields["customer_group_ids"] = [found[one] for one in fields["customer_group_ids"]]
    if fields.get("into", {}).get("id"):
        fields["into"]["id"] = found[fields["into"]["id"]]
    try:
        return type(body).model_validate(fields)
    except ValidationError as error:
        raise as_refusal(error.errors()) from None
