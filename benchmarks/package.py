"""The size of the packages, unnecessary files in them, and the best memory size of functions.

CPU comes with memory: Lambda gives one whole CPU at 1,769 MB and a share of it below. A sweep is made from one measured
init: the CPU time it takes, divided by the share. Python starts on one CPU, so more than 1,769 MB changes nothing.
"""

import io
import json
import statistics
import zipfile
from pathlib import Path
from typing import Any, Final

from benchmarks import lambda_runtime
from benchmarks.lambda_runtime import ARTIFACTS
from benchmarks.results import FOLDER, load, save, show

WHOLE_CPU_MEGABYTES: Final = 1_769
SIZES: Final = (128, 256, 512, 768, 1_024, 1_280, 1_769)
MAX_LAYER_MEGABYTES: Final = 15
NEEDLESS: Final = ("tests", "test", "*.pyi", "testing")
PRICES: Final[dict[str, Any]] = json.loads((FOLDER.parent / "prices.json").read_text())


def main() -> None:
    functions = {path.parent.name: _zipped(path.parent) for path in sorted(ARTIFACTS.glob("*/handler.py"))}
    layers = {name: _zipped(ARTIFACTS / name) for name in ("DependenciesLayer", "SharedLayer")}
    needless = sorted(
        {
            str(found.relative_to(ARTIFACTS))
            for name in NEEDLESS
            for found in (ARTIFACTS / "DependenciesLayer").rglob(name)
        }
    )
    show(
        "Compressed size in kB",
        ["artefact", "kB"],
        [("largest function", max(functions.values()) / 1000), *((name, size / 1000) for name, size in layers.items())],
    )
    sweep = _sweep(_init_cpu_ms(), _warm_cpu_ms())
    show(
        "Memory",
        ["MB", "init ms", "CPU of a list of 50, ms", "$ / million, CPU alone"],
        [(size, one["init_ms"], one["warm_ms"], one["dollars_per_million"]) for size, one in sweep.items()],
    )
    save(
        "package",
        {
            "largest_function_bytes": max(functions.values()),
            "layers_bytes": layers,
            "target_layer_megabytes": MAX_LAYER_MEGABYTES,
            "needless_files": needless,
            "memory": sweep,
        },
    )


def _sweep(init_cpu_ms: float, warm_cpu_ms: float) -> dict[str, dict[str, float]]:
    found = {}
    for size in SIZES:
        share = min(1.0, size / WHOLE_CPU_MEGABYTES)
        warm = warm_cpu_ms / share
        dollars = warm / 1000 * size / 1024 * PRICES["lambda_gb_second_arm64"] * 1_000_000
        found[str(size)] = {
            "init_ms": round(init_cpu_ms / share),
            "warm_ms": round(warm, 1),
            "dollars_per_million": round(dollars, 2),
        }
    return found


def _init_cpu_ms() -> float:
    """From the cold start benchmark if it has run, otherwise from a few starts."""
    if result := load("cold_start"):
        return float(result["functions"]["list_customers"]["cpu_ms"]["median"])
    lambda_runtime.prepare()
    return statistics.median(lambda_runtime.start(ARTIFACTS / "ListCustomers").cpu for _ in range(3))


def _warm_cpu_ms() -> float:
    """For a list of 50, including botocore. The time of DynamoDB is added to it, and is the same for every size."""
    result = load("overhead")
    if result is None:
        raise SystemExit("Run benchmarks.overhead first")
    return float(result["requests"]["list of 50"]["cpu_ms"]["median"])


def _zipped(folder: Path) -> int:
    """The size of the folder as a zip file for Lambda."""
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                archive.write(file, file.relative_to(folder))
    return len(into.getvalue())


if __name__ == "__main__":
    main()
