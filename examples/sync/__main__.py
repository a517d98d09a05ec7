"""`make sync`: synchronizes the running local stack with `shop.json`. Change the file and run it again."""

import json
import sys
from pathlib import Path
from typing import Final

import httpx

from examples.sync.apply import apply
from local import stack as stacks
from local.problems import LocalProblem

DECLARED: Final = Path(__file__).parent / "shop.json"


def main() -> int:
    """Print what was done, or the reason for a failure."""
    try:
        stack = stacks.running()
        headers = {"Authorization": f"Bearer {stack.token()}"}
        with httpx.Client(base_url=stack.api_url, headers=headers, timeout=60, trust_env=False) as api:
            for line in apply(api, json.loads(DECLARED.read_text())):
                print(line)
    except LocalProblem as problem:
        print(problem, file=sys.stderr)
        return 1
    except httpx.HTTPStatusError as error:
        print(error.response.text, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
