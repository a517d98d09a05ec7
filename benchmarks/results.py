"""Results as files, tables and differences from those that were committed last."""

import json
import os
import statistics
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.table import Table

ROOT: Final = Path(__file__).parent.parent
FOLDER: Final = Path(os.environ.get("BENCHMARK_RESULTS") or ROOT / "benchmarks" / "results").absolute()
"""The folder of the results. They are always compared with the committed ones."""
console: Final = Console(width=120)

type Result = dict[str, Any]


def save(name: str, result: Result) -> None:
    """Write a result, and print how it differs from the committed one."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    busy = round(os.getloadavg()[0], 1)
    dated = {
        "measured": datetime.now(UTC).strftime("%Y-%m-%d"),
        "cores": os.cpu_count(),
        "load_average": busy,
        **result,
    }
    (FOLDER / f"{name}.json").write_text(json.dumps(dated, indent=2) + "\n")
    before = dict(_numbers(_committed(name)))
    moved = [
        (path, before[path], now)
        for path, now in _numbers(dated)
        if path in before and abs(now - before[path]) > 0.1 * abs(before[path])
    ]
    for path, was, now in moved[:20]:
        console.print(f"  [dim]{name}[/] {path}: {was:g} → {now:g}")
    if before and not moved:
        console.print(f"  [dim]{name}: within 10 % of the committed result[/]")


def load(name: str) -> Result | None:
    file = FOLDER / f"{name}.json"
    return json.loads(file.read_text()) if file.exists() else None


def spread(values: Sequence[float]) -> Result:
    """Median, extremes and the middle half of some measurements."""
    first, median, third = statistics.quantiles(values, n=4, method="inclusive")
    return {"median": round(median, 4), "q1": round(first, 4), "q3": round(third, 4), "min": round(min(values), 4)}


def show(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    table = Table(title=title, title_justify="left")
    for place, column in enumerate(columns):
        table.add_column(column, justify="right" if place else "left")
    for row in rows:
        table.add_row(*(f"{cell:.2f}" if isinstance(cell, float) else str(cell) for cell in row))
    console.print(table)


def table(columns: Sequence[str], rows: Mapping[str, Sequence[object]]) -> Iterator[str]:
    """The lines of a Markdown table, whose first column is the name of the row."""
    yield ""
    yield f"| {' | '.join(columns)} |"
    yield f"|---|{'---:|' * (len(columns) - 1)}"
    for name, cells in rows.items():
        yield f"| {name} | {' | '.join(map(str, cells))} |"


def _committed(name: str) -> Result:
    shown = subprocess.run(
        ["git", "show", f"HEAD:benchmarks/results/{name}.json"],  # noqa: S607 - git is on the PATH
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    return json.loads(shown.stdout) if shown.returncode == 0 else {}


def _numbers(value: Any, path: str = "") -> Iterator[tuple[str, float]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _numbers(inner, f"{path}.{name}" if path else name)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield path, float(value)
