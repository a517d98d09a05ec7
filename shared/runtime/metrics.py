"""The metrics of an invocation, written to the log when it ends."""

from aws_lambda_powertools.metrics import Metrics

metrics = Metrics()
flushed = metrics.log_metrics
"""Decorates a Lambda handler."""
