"""Metrics that mean something to the business, counted from the changes themselves."""

from typing import Final

from aws_lambda_powertools.metrics import Metrics, MetricUnit

from shared.storage.table import Item

metrics = Metrics()
flushed = metrics.log_metrics

_COUNTED: Final = {
    ("group", "created"): "CustomerGroupsCreated",
    ("group", "updated"): "CustomerGroupsUpdated",
    ("group", "deleted"): "CustomerGroupsDeleted",
    ("customer", "created"): "CustomersCreated",
    ("customer", "updated"): "CustomersUpdated",
    ("customer", "deleted"): "CustomersDeleted",
}


def count(change: Item) -> None:
    """Count one change; of members, how many were added or removed."""
    if added := change.get("added"):
        metrics.add_metric("MembershipsAdded", MetricUnit.Count, len(added))
    elif removed := change.get("removed"):
        metrics.add_metric("MembershipsRemoved", MetricUnit.Count, len(removed))
    else:
        metrics.add_metric(_COUNTED[change["subject"], change["type"]], MetricUnit.Count, 1)


def count_buried() -> None:
    """Count a change that could not be told."""
    metrics.add_metric("ChangesBuried", MetricUnit.Count, 1)
