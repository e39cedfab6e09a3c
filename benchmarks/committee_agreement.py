"""What the interval of a committee's agreement covers: raters × noise × levels × severity × drift × gaps × leaves."""

from concurrent.futures import ProcessPoolExecutor

from benchmarks.measure import table
from benchmarks.simulation.committees import (
    LEVEL,
    SEVERITIES,
    WORLDS,
    Covered,
    Round,
    covered,
    covered_severity,
    rounds,
    severity_rounds,
)


def section() -> str:
    asked = [(round_, which) for which in SEVERITIES for round_ in severity_rounds()]
    with ProcessPoolExecutor() as pool:
        agreement = list(pool.map(covered, rounds()))
        severity = list(pool.map(covered_severity, *zip(*asked, strict=True)))
        by_leaf = list(pool.map(_by_leaf, (c.round for c in agreement if c.round.committee.leaves > 1)))
    measured = [c for c in agreement if c.is_measured()]
    kept = [c for c in measured if not c.broken(len(agreement))]
    alone = sorted(c.share for c in by_leaf if c.is_measured())
    return (
        f"Ordinal alpha of simulated committees, nominal {LEVEL}, {WORLDS:,} worlds a line; the truth is alpha of 10⁶ "
        "items of the same committee. Promise: within .03 from 30 units on, within .02 from 60 on, plus the Monte "
        f"Carlo band (brackets: exact, Bonferroni over {len(agreement)} lines). Kept in {len(kept)} of {len(measured)} "
        "lines where an interval is given at all; *no interval*: the share of worlds in which it is withheld, with its "
        "reason. Noise, severity and drift are in standard deviations of latent quality; own and halo are the shares "
        "of quality and of noise that leaves of one candidate have in common. Taken leaf by leaf, without the "
        f"candidates, the same intervals cover {alone[0]:.2f} to {alone[-1]:.2f}.\n\n"
        + _table([("", c) for c in agreement])
        + "\n\nThe first rater's severity and its drift, in levels:\n\n"
        + _table([(f"{which}: ", c) for (_, which), c in zip(asked, severity, strict=True)])
    )


def _by_leaf(played: Round) -> Covered:
    return covered(played, clustered=False)


def _table(lines: list[tuple[str, Covered]]) -> str:
    rows = [
        (
            before + line.round.name,
            f"{line.truth:.3f}",
            _share(line, len(lines)),
            f"{line.width:.2f}" if line.is_measured() else "–",
            f"{1 - line.defined / line.worlds:.0%}",
            "**no**" if line.broken(len(lines)) else "",
        )
        for before, line in lines
    ]
    return table(("committee", "truth", "covers", "median width", "no interval", "kept"), rows)


def _share(line: Covered, lines: int) -> str:
    if not line.is_measured():
        return "–"
    low, high = line.band(lines)
    return f"{line.share:.3f} [{low:.3f}, {high:.3f}]"
