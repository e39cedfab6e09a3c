"""What intervals cover and tests reject: method × n × prevalence × clusters, by simulation with a known truth."""

import functools
from concurrent.futures import ProcessPoolExecutor

from benchmarks.measure import table
from benchmarks.simulation.cells import coverage_cells, error_cells
from benchmarks.simulation.tally import ALPHA, LEVEL, Cell, Tally, broken_promise, tally_of


def section() -> str:
    covered, rejected = coverage_cells(), error_cells()
    with ProcessPoolExecutor() as pool:
        counted = list(pool.map(_counted, range(len(covered) + len(rejected)), chunksize=4))
    tallies = [
        Tally(cell=cell, worlds=cell.worlds, defined=defined, hits=hits)
        for cell, (defined, hits) in zip((*covered, *rejected), counted, strict=True)
    ]
    intervals, tests = tallies[: len(covered)], tallies[len(covered) :]
    return (
        f"Nominal {LEVEL} intervals. Brackets: exact interval of the share, Bonferroni over the {len(covered)} cells. "
        "*guaranteed*: at least the level; *approximate*: within .02 of it inside the declared domain; *discrete*: what"
        " enumeration says; *told*: outside the domain, or no promise. Undefined: the share of worlds in which the "
        "method gives no interval and says why.\n\n"
        + _table(intervals, "covers")
        + f"\n\nTests of a true null at {ALPHA}; brackets Bonferroni over the {len(rejected)} cells. *test*: at most "
        "that; *told*: the null that is tested does not hold, or rows are taken as independent that are not.\n\n"
        + _table(tests, "rejects")
    )


@functools.cache
def _cells() -> tuple[Cell, ...]:
    return (*coverage_cells(), *error_cells())


def _counted(number: int) -> tuple[int, int]:
    """Return defined and hits of a cell; cells themselves do not cross to another process."""
    tally = tally_of(_cells()[number])
    return tally.defined, tally.hits


def _table(tallies: list[Tally], heading: str) -> str:
    rows = [
        (
            tally.cell.method,
            tally.cell.world.where,
            tally.cell.kind,
            _share(tally, len(tallies)),
            "" if tally.cell.exact is None else f"{tally.cell.exact:.3f}",
            f"{1 - tally.defined / tally.worlds:.0%}",
            f"{tally.worlds:,}",
            "**no**" if broken_promise(tally, len(tallies)) else "",
        )
        for tally in sorted(tallies, key=lambda tally: tally.cell.method)
    ]
    return table(("method", "world", "promise", heading, "exact", "undefined", "worlds", "kept"), rows)


def _share(tally: Tally, cells: int) -> str:
    if tally.share is None:
        return "–"
    low, high = tally.interval(cells)
    return f"{tally.share:.3f} [{low:.3f}, {high:.3f}]"
