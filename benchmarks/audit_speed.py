"""What `heldout audit` costs: beside the floor of what it must look at, by size, and beside what peers needed.

The tables are those of `benchmarks.audit_world`, written to the temporary folder: the largest takes 6 GB there.
"""

import statistics
import sys
import tempfile
from pathlib import Path

import pyarrow.parquet as pq

from benchmarks.measure import Cost, measure, table
from heldout.engine import catalog

PAIRS = 3
ROWS = 2_000_000
MANY_ROWS = 20_000_000
ROWS_PER_MB = {"Parquet": 4_490, "CSV": 1_880}
"""Train rows to the megabyte."""

SCANNED = frozenset({"profile", "copies", "entity_overlap", "time_order"})
READ_PROFILES = tuple(check.code for check in catalog() if {need.name for need in check.needs} <= SCANNED)
"""The checks that read a profile, copies across the split, shared entities or the order in time, and nothing else."""

DEEPCHECKS_CPU = 44.0
"""CPU seconds of deepchecks' seven leak checks on 100,000 + 25,000 rows of this generator, the least of its runs
(whole process, November 2026, two cores; it cannot be installed beside today's packages)."""


def section() -> str:
    """Measure, and return the tables."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        _world(ROWS, folder / "world")
        beside = _beside_the_floor(folder / "world")
        priced = _priced(folder / "world")
        _world(100_000, folder / "small")
        small = _peers(folder / "small")
        sizes = _sizes(folder)
        _world(MANY_ROWS, folder / "many")
        many = _audit(folder / "many", runs=1)
    rows = f"{MANY_ROWS:,} + {MANY_ROWS // 4:,}"
    large = table(
        ["rows", "CPU", "wall", "peak memory", "limit", "met?"],
        [[rows, *_said(many), "3,072 MB", _met(many.peak_mb <= 3072)]],
    )
    return "\n\n".join([beside, priced, small, sizes, large])


def _world(rows: int, folder: Path) -> None:
    """Write the tables in another process: what this one has held counts as the peak of those that it starts."""
    measure([sys.executable, "-m", "benchmarks.audit_world", str(rows), str(folder)], runs=1)


def _audit(
    folder: Path, *, runs: int, ending: str = "parquet", select: tuple[str, ...] = (), is_priced: bool = False
) -> Cost:
    heldout = [sys.executable, "-m", "heldout", "audit", "--target", "label", "--time", "ts", "--entity", "user_id"]
    tables = ["--train", str(folder / f"train.{ending}"), "--test", str(folder / f"test.{ending}"), "--json"]
    chosen = [word for code in select for word in ("--select", code)]
    if not is_priced:
        chosen.append("--no-price")
    return measure([*heldout, *tables, *chosen], runs=runs, accept=(0, 1))


def _floor(folder: Path) -> Cost:
    return measure([sys.executable, "-m", "benchmarks.audit_floor", str(folder)], runs=1)


def _beside_the_floor(folder: Path) -> str:
    """Run the audit and the floor in turn, so that a slow moment of the machine hits both."""
    ours, floors = [], []
    for _ in range(PAIRS):
        ours.append(_audit(folder, runs=1, select=READ_PROFILES))
        floors.append(_floor(folder))
    ratio = statistics.median(one.cpu / other.cpu for one, other in zip(ours, floors, strict=True))
    peak = max(cost.peak_mb for cost in ours)
    rows = [
        [
            "`heldout audit`, the checks that read profiles",
            *_said(_middle(ours)),
            f"{ratio:.2f}",
            "2",
            _met(ratio <= 2),
        ],
        ["the same, peak memory", "", "", f"{peak:,.0f} MB", "", "1,536 MB", _met(peak <= 1536)],
        ["floor: DuckDB's statistics, copies, users, times", *_said(_middle(floors)), "1", "", ""],
    ]
    head = ["what", "CPU", "wall", "peak memory", "CPU to the floor's", "limit", "met?"]
    return f"{ROWS:,} + {ROWS // 4:,} rows × 44 columns, medians of {PAIRS} pairs run in turn.\n\n{table(head, rows)}"


def _priced(folder: Path) -> str:
    """Put the whole audit beside the one that fits nothing again: the difference is what pricing takes."""
    bare, priced = (_audit(folder, runs=1, is_priced=is_priced) for is_priced in (False, True))
    price = priced.cpu - bare.cpu
    head = ["what", "CPU", "wall", "peak memory", "limit", "met?"]
    lines = [
        ["`heldout audit --no-price`, every check", *_said(bare), "", ""],
        ["`heldout audit`, prices too", *_said(priced), "", ""],
        ["pricing alone", f"{price:.1f} s", "", "", "60 s CPU", _met(price <= 60)],
    ]
    return table(head, lines)


def _peers(folder: Path) -> str:
    """Put the audit beside deepchecks, once as a whole process, and once less what it takes whatever the rows."""
    _world(1_000, folder / "few")
    ours, few = (_audit(where, runs=3, select=READ_PROFILES).cpu for where in (folder, folder / "few"))
    whole, rows = DEEPCHECKS_CPU / ours, DEEPCHECKS_CPU / max(ours - few, 0.01)
    head = ["100,000 + 25,000 rows", "CPU", "times less CPU a row than deepchecks' leak checks", "limit", "met?"]
    lines = [
        ["deepchecks, 7 leak checks (recorded, not run here)", f"{DEEPCHECKS_CPU:.0f} s", "1", "", ""],
        ["`heldout audit`, whole process", f"{ours:.2f} s", f"{whole:.0f}", "50", _met(whole >= 50)],
        ["the same, less what 1,000 + 250 rows take", f"{ours - few:.2f} s", f"{rows:.0f}", "50", _met(rows >= 50)],
    ]
    return table(head, lines)


def _sizes(folder: Path) -> str:
    """Measure one table at 10, 100 and 1000 MB: train, with a test table of a quarter."""
    rows = []
    for form in ("Parquet", "CSV"):
        each: list[float] = []
        for megabytes in (10, 100, 1000):
            world = folder / f"{form}-{megabytes}"
            _world(megabytes * ROWS_PER_MB[form], world)
            if form == "CSV":
                for name in ("train", "test"):
                    copy = f"copy '{world}/{name}.parquet' to '{world}/{name}.csv'"
                    measure([sys.executable, "-c", f'import duckdb; duckdb.sql("{copy}")'], runs=1)
            ending = form.lower()
            size = (world / f"train.{ending}").stat().st_size / 2**20
            count = sum(pq.read_metadata(world / f"{name}.parquet").num_rows for name in ("train", "test"))
            cost = _audit(world, runs=1, ending=ending)
            each.append(cost.cpu / count * 1e6)
            rows.append(
                [
                    f"{form}, {size:,.0f} MB",
                    f"{count:,}",
                    *_said(cost),
                    f"{each[-1]:.1f} µs",
                    f"{each[-1] / each[0]:.2f}",
                ]
            )
            for path in world.iterdir():
                path.unlink()
    return table(["train file", "rows", "CPU", "wall", "peak memory", "CPU a row", "to the smallest's"], rows)


def _middle(costs: list[Cost]) -> Cost:
    return sorted(costs, key=lambda cost: cost.cpu)[len(costs) // 2]


def _said(cost: Cost) -> list[str]:
    return [f"{cost.cpu:.1f} s", f"{cost.wall:.1f} s", f"{cost.peak_mb:,.0f} MB"]


def _met(is_met: bool) -> str:
    return "yes" if is_met else "no"
