"""The tables of list requests in docs/performance.md."""

import re
import statistics
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Final

from benchmarks.lists import SECOND_PAGE
from benchmarks.results import Result, table

SHOWN: Final = (
    r"(customers|members) by \S+",
    *(
        rf"customers by \S+, {label}"
        for label in ("q of nobody", "q of one letter", "q of two words", "q of a rare word")
    ),
    r"(groups|customers|members) by \S+, q of a common word and a rare beginning",
    r"customers by \S+, (has_account of few|created_by of nobody|updated of the future|groups of half)",
    r"members by \S+, (q of one letter|has_account of few)",
    r"customers by (created_at|last_name), offset 10,000",
    r"members by \S+, offset 10,000",
)
"""The requests that have a row: for each group of a pattern, the first one with the usual limit."""
type Before = tuple[str, str, str]
_FILTERED: Final = ("32", "635", "430 to 735")
_MEMBERS: Final = ("40", "795", "386 to 1,666")
FIRST_VERSION: Final[Mapping[str, tuple[Before, str]]] = {
    "`q` that nothing matches": (("32", "635", "281"), "customers by -created_at, q of nobody"),
    "`q` that nearly all match": (("39", "778", "1,112"), "customers by created_at, q of one letter"),
    "`q`, a long common word and a short rare one": (
        ("29", "583", "2,074"),
        "customers by -created_at, q of a common word and a rare beginning",
    ),
    "`has_account=false`, which few match": (_FILTERED, "customers by email, has_account of few"),
    "`created_by=nobody`": (_FILTERED, "customers by -email, created_by of nobody"),
    "`updated_at` in the future": (_FILTERED, "customers by -email, updated of the future"),
    "`created_at` and `updated_at` both bounded": (
        ("32", "635", "643"),
        "customers by last_name, created all since 2020, updated until a moment",
    ),
    "members of half of all, with `q`": (_MEMBERS, "members by created_at, q of digits"),
    "the same with `has_account=false`": (_MEMBERS, "members by created_at, has_account of few"),
    "customers by `groups=`, ordered": (("51", "523", "602"), "customers by -email, groups of half"),
    "`offset=10000`": (("33", "395", "671"), "customers by created_at, offset 10,000"),
}
"""What requests took in the first version: units at 1,000 and at 20,000 customers, and ms. And one of the same kind."""
SLOW: Final = 0.95
GROWTH, FEW_UNITS = 1.1, 2


def current(result: Result) -> Iterator[str]:
    """What requests cost now, and beside the first version."""
    yield from at_each_size(result)
    yield from beside_the_first_version(result)


def at_each_size(result: Result) -> Iterator[str]:
    """What the requests cost at each size, which of them cost more at the largest, and some of them."""
    yield "All requests:"
    sizes, requests = list(map(str, result["sizes"])), result["requests"]
    columns = ["customers", "requests", "most calls", "most units", "median ms", "19 of 20 within ms"]
    yield from table(columns, {f"{int(size):,}": _summary(result, size) for size in sizes})
    yield ""
    yield from (_growth(requests, before, after) for before, after in pairwise(sizes))
    of_each = [f"{what} at {int(size):,}" for size in sizes for what in ("calls", "units")]
    rows = {name: [cell for size in sizes for cell in requests[name][size][:2]] for name in _shown(requests, sizes)}
    yield from table(["request", *of_each], rows)


def beside_the_first_version(result: Result) -> Iterator[str]:
    """Requests that grew with the table in the first version, before and now. It had no budget."""
    sizes, requests = list(map(str, result["sizes"])), result["requests"]
    now = [f"units at {int(size):,}" for size in sizes]
    columns = [
        "request, 50 rows per page",
        "first version: units at 1,000",
        "at 20,000",
        "ms at 20,000",
        "now: " + now[0],
    ]
    rows = {
        label: [*before, *(requests[name][size][1] for size in sizes), f"{requests[name][sizes[-1]][2]:.0f}"]
        for label, (before, name) in FIRST_VERSION.items()
    }
    yield from table([*columns, *now[1:], f"ms at {int(sizes[-1]):,}"], rows)


def _summary(result: Result, size: str) -> list[object]:
    most = result["most"][size]
    times = sorted(one[size][2] for one in result["requests"].values() if size in one)
    slow = times[int(SLOW * len(times))]
    return [f"{most['requests']:,}", most["calls"], most["units"], f"{statistics.median(times):.0f}", f"{slow:.0f}"]


def _growth(requests: Result, before: str, after: str) -> str:
    both = [(one[before], one[after]) for one in requests.values() if before in one and after in one]
    units = sum(larger[1] > GROWTH * small[1] + FEW_UNITS for small, larger in both)
    calls = sum(larger[0] > small[0] + 1 for small, larger in both)
    return (
        f"From {int(before):,} to {int(after):,} customers, {units:,} of {len(both):,} requests read more than {GROWTH}"
        f" times as many units plus {FEW_UNITS}, and {calls:,} make two or more calls more."
    )


def _shown(requests: Result, sizes: list[str]) -> Iterator[str]:
    everywhere = [name for name, one in requests.items() if all(size in one for size in sizes)]
    for pattern in SHOWN:
        found = [(match.groups(), name) for name in everywhere if (match := re.fullmatch(pattern, name))]
        firsts = {groups: name for groups, name in reversed(found) if not name.endswith(SECOND_PAGE)}
        yield from reversed(firsts.values())
