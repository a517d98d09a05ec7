"""The commands in docs/deployment.md match the Makefile, the template and AWS's APIs."""

import re
import subprocess
from typing import Final

import botocore.session
import pytest
from botocore import xform_name

from tests import template

TEXT: Final = (template.ROOT / "docs" / "deployment.md").read_text()
BLOCKS: Final = re.findall(r"```sh\n(.*?)```", TEXT, re.DOTALL)
CALLS: Final = sorted(set(re.findall(r"aws ([a-z-]+) ([a-z-]+)", " ".join(BLOCKS))))


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.splitlines()[0][:60])
def test_every_block_is_a_shell_script(block: str) -> None:
    subprocess.run(["bash", "-n"], input=block, text=True, check=True)  # noqa: S607 - any bash


def test_parameters_and_outputs_exist_in_the_template() -> None:
    document = template.document()
    given = set(re.findall(r"(?<![\w=,])([A-Z][a-z]\w+)=(?!=)", TEXT)) - {"Name"}
    assert given - {"Value"} <= set(document["Parameters"]), given - set(document["Parameters"])
    outputs = set(re.findall(r"OutputKey=='(\w+)'", TEXT)) | set(re.findall(r"\$\(output (\w+)\)", TEXT))
    assert outputs <= set(document["Outputs"])


def test_make_targets_exist() -> None:
    makefile = (template.ROOT / "Makefile").read_text()
    for target in set(re.findall(r"^make ([a-z-]+)", "\n".join(BLOCKS), re.MULTILINE)):
        assert re.search(rf"^{target}: ", makefile, re.MULTILINE), target


@pytest.mark.parametrize(("service", "command"), CALLS)
def test_aws_commands_and_options_exist(service: str, command: str) -> None:
    model = botocore.session.Session().get_service_model(service)
    (operation,) = [one for one in model.operation_names if xform_name(one, "-") == command]
    shape = model.operation_model(operation).input_shape
    options = {xform_name(name, "-") for name in shape.members} if shape else set()
    for call in re.findall(rf"aws {service} {command}((?:[^\n]*\\\n)*[^\n#)|]*)", "\n".join(BLOCKS)):
        used = set(re.findall(r"--([a-z-]+)", call)) - {"query", "output"}
        assert used <= options, f"{command}: {used - options}"
