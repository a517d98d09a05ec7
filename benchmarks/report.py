"""Plots of the results, and the parts of docs/performance.md that are generated from them."""

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import cycle
from typing import Any, Final

import matplotlib as mpl

mpl.use("Agg")

# isort: split

from matplotlib import pyplot as plt

from benchmarks import tables_of_lists
from benchmarks.results import FOLDER, ROOT, Result, console, load, table

DOCUMENT: Final = ROOT / "docs" / "performance.md"
_PART: Final = re.compile(r"(<!-- from (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


plt.rcParams["svg.hashsalt"] = "identical plots are identical files"


def main() -> None:
    text = DOCUMENT.read_text()
    DOCUMENT.write_text(_PART.sub(lambda part: f"{part[1]}{_written(part[2])}{part[3]}", text))
    console.print(f"Wrote {DOCUMENT.relative_to(ROOT)}")


def _written(name: str) -> str:
    """The part of the document for a result, with its plot."""
    result = load(name)
    if result is None:
        return "\nNot measured yet.\n\n"
    busy = f", on {result['cores']} cores with a load of {result['load_average']}" if "cores" in result else ""
    return f"\nMeasured {result['measured']}{busy}.\n\n" + "\n".join(_PARTS[name](result)) + "\n\n"


def _capacity(result: Result) -> Iterator[str]:
    sizes = ", ".join(f"{size:,}" for size in result["sizes"])
    yield f"At {sizes} groups, customers and members of one group. Units are table + indexes."
    rows = {
        name: [
            one["calls"],
            *(_units(one[side]) for side in ("read", "write")),
            *(_yes(one[kept]) for kept in ("in_budget", "flat")),
            f"{one['dollars_per_million']:.2f}",
        ]
        for name, one in result["operations"].items()
    }
    yield from table(["operation", "calls", "read", "write", "in budget", "flat", "$ per million"], rows)
    yield from _bars(
        "capacity",
        {name: one["dollars_per_million"] for name, one in result["operations"].items()},
        "$ per million requests",
    )


def _cold_start(result: Result) -> Iterator[str]:
    yield f"{result['rounds']} cold starts of each, in turns; target: {result['target_ratio']} times the baseline."
    rows = {
        name: [
            *(f"{one['init_ms'][part]:.0f}" for part in ("median", "q1", "q3")),
            one["ratio"],
            one["cpu_ms"]["median"],
            one["cpu_ratio"],
        ]
        for name, one in result["functions"].items()
    }
    yield from table(["function", "init ms", "q1", "q3", "ratio", "CPU ms", "CPU ratio"], rows)
    yield from _bars(
        "cold_start",
        {name: one["cpu_ms"]["median"] for name, one in result["functions"].items()},
        "CPU of the init, ms",
    )


def _overhead(result: Result) -> Iterator[str]:
    targets = result["targets_ms"]
    rows = {
        name: [
            f"{one['own_cpu_ms']['median']:.2f}",
            targets.get(name, ""),
            f"{one['cpu_ms']['median']:.2f}",
            one["ratio"],
        ]
        for name, one in result["requests"].items()
    }
    yield from table(["request", "own CPU ms", "target", "CPU with calls ms", "handler / bare calls"], rows)


def _growth(result: Result) -> Iterator[str]:
    yield (
        f"From {result['small']} of everything to {result['groups']:,} groups, {result['customers']:,} customers with"
        f" search tokens, {result['memberships']:,} memberships and one group of {result['largest']:,}."
    )
    operations = result["operations"]
    rows = {
        name: [f"{one['small_ms']['median']:.1f}", f"{one['large_ms']['median']:.1f}", one["ratio"], one["target"]]
        for name, one in operations.items()
    }
    yield from table(["operation", "small ms", "large ms", "ratio", "target"], rows)
    figure, axes = plt.subplots(figsize=(9, 5))
    for (name, one), line in zip(operations.items(), cycle(("-", "--", ":")), strict=False):
        axes.plot(
            [result["small"], result["memberships"]],
            [one["small_ms"]["median"], one["large_ms"]["median"]],
            line,
            marker="o",
            label=name,
        )
    axes.set(xscale="log", yscale="log", xlabel="memberships", ylabel="median, ms")
    axes.legend(fontsize=7, loc="center left", bbox_to_anchor=(1, 0.5))
    yield from _saved("growth", figure)


def _membership_throughput(result: Result) -> Iterator[str]:
    yield (
        f"{result['customers']:,} customers into one group: {result['handler_per_second']:,} a second"
        f" through the handler, {result['bare_per_second']:,} in bare transactions: {result['share']:.0%}"
        f" (target {result['target_share']:.0%})."
        f" The process used {result['megabytes_after_the_first_call']} MB after its first call"
        f" and {result['megabytes_at_most']} MB after the last (target {result['target_megabytes']})."
    )


def _package(result: Result) -> Iterator[str]:
    layers = result["layers_bytes"]
    yield (
        f"The largest function is {result['largest_function_bytes'] / 1000:.1f} kB, the third-party layer"
        f" {layers['DependenciesLayer'] / 1e6:.1f} MB (target {result['target_layer_megabytes']}), our own"
        f" {layers['SharedLayer'] / 1e3:.0f} kB, compressed. Tests and type stubs in the layer:"
        f" {len(result['needless_files'])}."
    )
    yield ""
    rows = {
        size: [one["init_ms"], one["warm_ms"], f"{one['dollars_per_million']:.2f}"]
        for size, one in result["memory"].items()
    }
    yield from table(["MB", "init ms", "CPU of a list of 50, ms", "$ per million, CPU only"], rows)


def _load(result: Result) -> Iterator[str]:
    rows = {
        count: [one["requests"], one["per_second"], one["errors"], one["p50_ms"], one["p99_ms"]]
        for count, one in result["clients"].items()
    }
    yield from table(["clients", "requests", "per second", "errors", "median ms", "p99 ms"], rows)
    reader = result["reader"]
    yield ""
    yield (
        f"A client that reads a group waits {reader['alone']['p50_ms']} ms alone,"
        f" and {reader['beside_large_requests']['p50_ms']} ms while another adds and removes {result['members']}"
        f" customers at a time: {reader['ratio']} times as long"
        f" (target {reader['target_ratio']}: both share a machine)."
    )


def _rules(result: Result) -> Iterator[str]:
    rows = {f"{int(size):,}": [one["median"], one["q3"]] for size, one in result["cpu_ms"].items()}
    yield from table(["rules", "CPU for one customer, median ms", "upper quartile ms"], rows)
    yield ""
    yield f"The target is {result['target_ms']:.0f} ms for 1,000 rules."
    yield from _bars("rules", {name: one["median"] for name, one in result["cpu_ms"].items()}, "median, ms")


def _jobs(result: Result) -> Iterator[str]:
    yield from _job(result)
    yield from table(
        [
            "request at the group, median ms",
            "alone",
            "during a job at another group",
            "during a job at this group",
            "ratio",
        ],
        {
            name: [one["alone_ms"], one["beside_a_job_elsewhere_ms"], one["beside_a_job_ms"], one["ratio"]]
            for name, one in result["beside_a_job"].items()
        },
    )
    dollars = result["dollars_per_million"]
    rows = {name: [f"{one:.2f}"] for name, one in dollars.items()}
    yield from table(["a million rows", "$"], {**rows, "total": [f"{sum(dollars.values()):.2f}"]})
    yield from _bars("jobs", dollars, "$ per million rows")


def _job(result: Result) -> Iterator[str]:
    yield (
        f"{result['rows']:,} rows into one group: {result['job_per_second']:,} a second by a job, planning and result"
        f" included, {result['bare_per_second']:,} in bare transactions between its chunks: {result['share']:.0%}"
        f" (target {result['target_share']:.0%}). Then the group was exported: {result['exported']:,} records."
    )
    rows = {
        f"{name}, {what}": [one["invocations"], one["seconds"], *(one[size] for size in _SIZES)]
        for what in ("adding", "exporting")
        for name, one in result[what].items()
    }
    yield from table(["function", "invocations", "seconds in total", "MB after the first", "MB at most"], rows)


_SIZES: Final = ("megabytes_after_the_first", "megabytes_at_most")
_PARTS: Final[Mapping[str, Callable[[Result], Iterator[str]]]] = {
    "capacity": _capacity,
    "cold_start": _cold_start,
    "overhead": _overhead,
    "growth": _growth,
    "membership_throughput": _membership_throughput,
    "package": _package,
    "load": _load,
    "rules": _rules,
    "jobs": _jobs,
    "jobs_million": _job,
    "lists": tables_of_lists.current,
    "lists_million": tables_of_lists.at_each_size,
}


def _bars(name: str, values: Mapping[str, float], label: str) -> Iterator[str]:
    figure, axes = plt.subplots(figsize=(8, 0.28 * len(values) + 1))
    axes.barh(list(values)[::-1], list(values.values())[::-1])
    axes.set_xlabel(label)
    yield from _saved(name, figure)


def _saved(name: str, figure: Any) -> Iterator[str]:
    figure.tight_layout()
    figure.savefig(FOLDER / f"{name}.svg", metadata={"Date": None})
    plt.close(figure)
    yield ""
    yield f"![{name.replace('_', ' ')}](../benchmarks/results/{name}.svg)"


def _units(units: Mapping[str, float]) -> str:
    return f"{units['table']:g} + {units['indexes']:g}"


def _yes(flag: bool) -> str:  # noqa: FBT001 - formats a flag
    return "yes" if flag else "no"


if __name__ == "__main__":
    main()
