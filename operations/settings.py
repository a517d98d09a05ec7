"""Where to deploy and with which parameters, from `samconfig.toml` and the command line."""

import argparse
import shlex
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import boto3

from local import cloud
from operations.deployment import Deployment

SETTINGS: Final = cloud.ROOT / "samconfig.toml"

type Parameters = dict[str, str]


class SettingsError(Exception):
    """The settings are incomplete or invalid."""


class Target(NamedTuple):
    """A stack, which may not exist yet, and the given parameters."""

    deployment: Deployment
    given: Parameters


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--environment", default="default", help="the section of samconfig.toml")
    parser.add_argument("--stack", help="the stack; the default is that of the section")
    parser.add_argument("--region", help="the region; the default is that of your profile")
    parser.add_argument("parameters", nargs="*", metavar="Name=value")


def target(arguments: argparse.Namespace, settings: Path = SETTINGS) -> Target:
    """The stack and parameters. The command line overrides the settings. Raises SettingsError."""
    section = _section(arguments.environment, settings)
    if not (stack := arguments.stack or section.get("stack_name")):
        raise SettingsError(f"samconfig.toml names no stack for {arguments.environment}; give STACK=…")
    session = boto3.Session(region_name=arguments.region or section.get("region"))
    if session.region_name is None:
        raise SettingsError("No region is set; give REGION=… or set one in your profile.")
    written = section.get("parameter_overrides", [])
    configured = _parsed(shlex.split(written) if isinstance(written, str) else written)
    return Target(Deployment(session, stack), configured | _parsed(arguments.parameters))


def _section(environment: str, settings: Path) -> dict[str, Any]:
    configuration = tomllib.loads(settings.read_text())
    if environment not in configuration:
        raise SettingsError(f"samconfig.toml has no section [{environment}.deploy.parameters]")
    section: dict[str, Any] = configuration[environment].get("deploy", {}).get("parameters", {})
    return section


def _parsed(written: Sequence[str]) -> Parameters:
    if wrong := [one for one in written if "=" not in one]:
        raise SettingsError(f"A parameter is written Name=value; {wrong[0]} is not.")
    return dict(one.split("=", 1) for one in written)
