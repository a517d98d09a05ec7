"""The commands in docs/deployment.md and README match the Makefile, the template and AWS's APIs."""

import argparse
import re
import shlex
import subprocess
import tomllib
from pathlib import Path
from typing import Final

import botocore.session
import pytest
from botocore import xform_name

from operations import settings
from operations.settings import Target
from tests import template

TEXT: Final = (template.ROOT / "docs" / "deployment.md").read_text()
BLOCKS: Final = re.findall(r"```sh\n(.*?)```", TEXT, re.DOTALL)
README_BLOCKS: Final = re.findall(r"```sh\n(.*?)```", (template.ROOT / "README.md").read_text(), re.DOTALL)
DEPLOYMENTS: Final = sorted(
    set(re.findall(r"`(make deploy .+?)`", TEXT))
    | set(re.findall(r"^make (?:deploy|preflight)\b(?:.*\\\n)*.*", "\n".join(BLOCKS + README_BLOCKS), re.MULTILINE))
)
SECTION: Final = re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL)[0]
"""The example of an environment with its own settings."""
OF_AWS: Final = {"Name", "Value", "TagKey", "Start", "Type"}
"""Names in options of AWS commands, which are no parameters of the template."""
WITH_COMMANDS: Final = ("cloud", "deployment", "events", "operations", "privacy")
COMMANDS: Final = "\n".join((template.ROOT / "docs" / f"{name}.md").read_text() for name in WITH_COMMANDS)
CALLS: Final = sorted(
    set(re.findall(r"\baws ([a-z-]+) ([a-z-]+) (?=[\\-])", COMMANDS)) - {("dynamodb", "wait"), ("s3", "rm")}
)
"""The AWS commands of all documents, without those that are no operations of an API."""


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.splitlines()[0][:60])
def test_every_block_is_a_shell_script(block: str) -> None:
    subprocess.run(["bash", "-n"], input=block, text=True, check=True)  # noqa: S607 - any bash


def test_parameters_and_outputs_exist_in_the_template() -> None:
    document = template.document()
    given = set(re.findall(r"(?<![\w=,])([A-Z][a-z]\w+)=(?!=)", TEXT)) - OF_AWS
    assert given <= set(document["Parameters"]), given - set(document["Parameters"])
    outputs = set(re.findall(r"OutputKey=='(\w+)'", TEXT)) | set(re.findall(r"\$\(output (\w+)\)", TEXT))
    assert outputs <= set(document["Outputs"])


def test_make_targets_exist() -> None:
    makefile = (template.ROOT / "Makefile").read_text()
    for target in set(re.findall(r"^make ([a-z-]+)", "\n".join(BLOCKS), re.MULTILINE)):
        assert re.search(rf"^{target}: ", makefile, re.MULTILINE), target


def target_of(command: str, folder: Path) -> Target:
    """The stack, the region and the parameters that a command of `make` passes on."""
    dry = subprocess.run(  # noqa: S602 - a command of the documents
        f"{command.partition('  #')[0]} -n", shell=True, cwd=template.ROOT, capture_output=True, text=True, check=True
    )
    (passed,) = re.findall(r"-m operations\.\w+ (.*)", dry.stdout.replace("\\\n", " "))
    file = folder / "samconfig.toml"
    file.write_text((template.ROOT / "samconfig.toml").read_text() + SECTION)
    parser = argparse.ArgumentParser()
    settings.add_arguments(parser)
    return settings.target(parser.parse_args(shlex.split(passed)), file)


@pytest.mark.parametrize("command", DEPLOYMENTS)
def test_a_deployment_gets_the_stack_the_region_and_the_parameters_of_its_command(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    expected = dict(re.findall(r"\b(STACK|REGION|CONFIG)=([\w-]+)", command))
    if "CONFIG" in expected:
        section = tomllib.loads(SECTION)[expected["CONFIG"]]["deploy"]["parameters"]
        expected |= {"STACK": section["stack_name"], "REGION": section["region"]}
    deployment, given = target_of(command, tmp_path)
    assert deployment.stack_name == expected.get("STACK", "customer-groups")
    assert deployment.session.region_name == expected.get("REGION", "eu-west-1")
    assert given.keys() <= set(template.document()["Parameters"])
    written = re.findall(r'PARAMETERS="(.*?)"', command, re.DOTALL)
    assert dict(one.split("=", 1) for one in " ".join(written).replace("\\", "").split()).items() <= given.items()


@pytest.mark.parametrize(("service", "command"), CALLS)
def test_aws_commands_and_options_exist(service: str, command: str) -> None:
    model = botocore.session.Session().get_service_model(service)
    (operation,) = [one for one in model.operation_names if xform_name(one, "-") == command]
    shape = model.operation_model(operation).input_shape
    options = {xform_name(name, "-") for name in shape.members} if shape else set()
    for call in re.findall(rf"aws {service} {command}((?:[^\n`]*\\\n)*[^\n#)|`]*)", COMMANDS):
        used = set(re.findall(r" --([a-z-]+)", call)) - {"query", "output"}
        assert used <= options, f"{command}: {used - options}"
