"""Prints template.yaml after both transforms. Runs in the environment of SAM.

The argument is a JSON object: `parameters` that differ from the defaults, and `build`, a text that
represents the build of the functions and layers.
"""

import json
import logging
import sys
from pathlib import Path
from typing import Any

import boto3
from samcli.lib.cfn_language_extensions.sam_integration import expand_language_extensions
from samcli.yamlhelper import yaml_parse
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator

TEMPLATE = Path(__file__).parent.parent.parent / "template.yaml"
PSEUDO = {"AWS::Region": "eu-central-1", "AWS::Partition": "aws", "AWS::StackName": "customer-groups"}


def transformed(parameters: dict[str, str], build: str) -> Any:
    template: Any = yaml_parse(TEMPLATE.read_text())
    values = {name: str(one["Default"]) for name, one in template["Parameters"].items() if "Default" in one}
    values |= PSEUDO | parameters
    # CloudFormation resolves both. `sam` resolves the first in the same way.
    template = expand_language_extensions(template, values, enabled=True).expanded_template
    for resource in template["Resources"].values():
        for place in {"CodeUri", "ContentUri", "DefinitionUri"} & resource.get("Properties", {}).keys():
            path = resource["Properties"][place].strip("/")
            resource["Properties"][place] = f"s3://artifacts/{path}/{build}"
    session = boto3.Session(region_name=PSEUDO["AWS::Region"])
    return Translator({}, Parser(), plugins=[], boto_session=session).translate(template, values)


if __name__ == "__main__":
    logging.disable(logging.WARNING)  # SAM warns about missing feature toggles, which only exist inside AWS
    asked = json.loads(sys.argv[1])
    json.dump(transformed(asked["parameters"], asked["build"]), sys.stdout)
