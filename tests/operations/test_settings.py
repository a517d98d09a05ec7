"""The target and parameters of a deployment, from the settings and the command line."""

import argparse
from pathlib import Path

import pytest

from operations import settings
from operations.settings import SettingsError, Target

WRITTEN = """
version = 0.1
[default.deploy.parameters]
stack_name = "customer-groups"
parameter_overrides = ["AllowedOrigin=https://shop.example", "EventRetentionDays=30"]
[staging.deploy.parameters]
stack_name = "customer-groups-staging"
region = "eu-west-1"
parameter_overrides = "AllowedOrigin=https://staging.example CustomerSources='a,b'"
[nameless.deploy.parameters]
resolve_s3 = true
"""


def target_of(tmp_path: Path, *arguments: str) -> Target:
    (tmp_path / "samconfig.toml").write_text(WRITTEN)
    parser = argparse.ArgumentParser()
    settings.add_arguments(parser)
    return settings.target(parser.parse_args(arguments), tmp_path / "samconfig.toml")


def test_the_command_line_overrides_only_the_given_settings(tmp_path: Path) -> None:
    target = target_of(tmp_path, "--region", "eu-central-1", "EventRetentionDays=7", "AlarmTopicArn=arn:aws:sns:x")
    assert target.given == {
        "AllowedOrigin": "https://shop.example",
        "EventRetentionDays": "7",
        "AlarmTopicArn": "arn:aws:sns:x",
    }
    assert (target.deployment.stack_name, target.deployment.session.region_name) == ("customer-groups", "eu-central-1")


def test_an_environment_has_its_own_stack_and_region(tmp_path: Path) -> None:
    target = target_of(tmp_path, "--environment", "staging")
    assert target.given == {"AllowedOrigin": "https://staging.example", "CustomerSources": "a,b"}
    assert (target.deployment.stack_name, target.deployment.session.region_name) == (
        "customer-groups-staging",
        "eu-west-1",
    )


def test_the_stack_can_be_set_on_the_command_line(tmp_path: Path) -> None:
    target = target_of(tmp_path, "--stack", "another", "--region", "us-east-1", "A=b=c")
    assert (target.deployment.stack_name, target.given["A"]) == ("another", "b=c")


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--environment", "production", "--region", "x"], "no section"),
        (["--environment", "nameless", "--region", "x"], "no stack"),
        (["--region", "x", "EventRetentionDays"], "EventRetentionDays is not"),
    ],
)
def test_missing_settings_are_reported_first(tmp_path: Path, arguments: list[str], reason: str) -> None:
    with pytest.raises(SettingsError, match=reason):
        target_of(tmp_path, *arguments)
