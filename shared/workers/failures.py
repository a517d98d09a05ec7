"""The metric for records that failed and will be retried. An alarm uses it."""

from aws_lambda_powertools.metrics import MetricUnit

from shared.runtime.metrics import metrics


def count(records: int) -> None:
    metrics.add_metric("FailedRecords", MetricUnit.Count, records)
