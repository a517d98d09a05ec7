"""Business metrics, counted from the changes."""

from typing import Final

from aws_lambda_powertools.metrics import MetricUnit

from shared.dynamodb.expressions import Item
from shared.runtime.metrics import metrics

_COUNTED: Final = {
    ("group", "created"): "CustomerGroupsCreated",
    ("group", "updated"): "CustomerGroupsUpdated",
    ("group", "deleted"): "CustomerGroupsDeleted",
    ("group", "terms_changed"): "MembershipTermsChanged",
    ("customer", "created"): "CustomersCreated",
    ("customer", "updated"): "CustomersUpdated",
    ("customer", "deleted"): "CustomersDeleted",
    ("job", "started"): "JobsStarted",
    ("job", "finished"): "JobsFinished",
}


def count(change: Item) -> None:
    """Count one change. For memberships, count how many were added or removed."""
    if added := change.get("added"):
        metrics.add_metric("MembershipsAdded", MetricUnit.Count, len(added))
    elif removed := change.get("removed"):
        metrics.add_metric("MembershipsRemoved", MetricUnit.Count, len(removed))
    else:
        metrics.add_metric(_COUNTED[change["subject"], change["type"]], MetricUnit.Count, 1)


def count_unpublishable() -> None:
    """Count a change that can never be published."""
    metrics.add_metric("UnpublishableChanges", MetricUnit.Count, 1)
