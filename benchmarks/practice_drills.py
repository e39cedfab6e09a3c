"""Every kind of drill over 200 seeds: its key is proven, its mistakes lose, its check agrees, and how long it takes."""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from tests.practice.proof import breaches

from benchmarks.measure import table
from benchmarks.worlds.kept import results_of
from benchmarks.worlds.state import state_of
from heldout.practice.deck import deck, kind_named
from heldout.practice.drill import Difficulty, Drill, Family, Kind

MINUTES = 60.0
SEEDS = 200
DRILLS = SEEDS * len(Difficulty) * 2
MOST_TOLD = 3
CHECKS = "heldout.checks"
SLOWEST = 1000.0
"""Milliseconds of CPU in which a drill has to be made."""
HEADINGS = ("kind", "seeds proven", "mutants", "its check agrees", "mean build (CPU)", "slowest")
_MISSED: list[str] = []

Results = Sequence[Mapping[str, Any]]


def section(minutes: float = MINUTES) -> str:
    """Prove the kinds that changed since the last run, as the minutes allow, and say which break their contract."""
    kinds = deck()
    jobs = {f"{_name(kind)} {state_of([kind.build.__module__])}": _name(kind) for kind in kinds}
    asked = [(job, "kind", name) for job, name in jobs.items()]
    kept = results_of(asked, proven, name="practice_drills", of=("tests.practice.proof", CHECKS), minutes=minutes)
    results = [kept[job] for job in jobs if job in kept]
    waiting = [name for job, name in jobs.items() if job not in kept]
    _MISSED[:] = [*(said for one in results for said in one["breaches"]), *_slow(results), *waiting]
    return "\n\n".join(part for part in (_summary(results, waiting), *_families(results), _told()) if part) + "\n"


def has_missed() -> list[str]:
    """Return what the deck breaks of its contract, and the kinds for which there was no time."""
    return _MISSED


def proven(name: str) -> dict[str, Any]:
    """Prove one kind over all seeds, difficulties, planted and not."""
    kind, seconds = kind_named(name), []

    def timed(seed: int, difficulty: Difficulty, planted: bool) -> Drill:
        begin = time.process_time()
        made = kind.build(seed, difficulty, planted)
        seconds.append(time.process_time() - begin)
        return made

    broken = [list(breaches(replace(kind, build=timed), range(seed, seed + 1))) for seed in range(SEEDS)]
    said = [one for of_seed in broken for one in of_seed]
    return {
        "family": kind.family,
        "kind": kind.name,
        "check": kind.check,
        "mutants": len(kind.mutants),
        "proven": sum(not of_seed for of_seed in broken),
        "disagrees": sum(f": {kind.check} " in one for one in said) if kind.check else 0,
        "mean": 1000 * sum(seconds) / len(seconds),
        "slowest": 1000 * max(seconds),
        "breaches": said,
    }


def _name(kind: Kind) -> str:
    return f"{kind.family}/{kind.name}"


def _summary(results: Results, waiting: Sequence[str]) -> str:
    whole = [one for one in results if one["proven"] == SEEDS]
    checked = [one for one in results if one["check"]]
    drills = DRILLS * len(results)
    return "\n".join(
        (
            f"- {len(whole)} of {len(results)} kinds hold their contract on each of {SEEDS} seeds, at "
            f"{len(Difficulty)} difficulties, planted and not ({drills:,} drills, each made twice): the reference "
            "solution, which reads only what is shown, earns all points, each mistake loses what it has to, the clean "
            "twin is told from the planted world, and a second build is the same.",
            f"- {len(checked)} kinds have a check that has to find the planted world and not its twin; it disagrees "
            f"with the key on {sum(one['disagrees'] for one in checked):,} of {DRILLS * len(checked):,} drills.",
            f"- A drill takes {sum(one['mean'] for one in results) / max(len(results), 1):.1f} ms of CPU on average, "
            f"the slowest {max((one['slowest'] for one in results), default=0):.0f} ms (at most {SLOWEST:.0f}).",
            *([f"- No time for: {', '.join(waiting)}."] if waiting else ()),
        )
    )


def _families(results: Results) -> Iterator[str]:
    for family in Family:
        own = [one for one in results if one["family"] == family]
        if own:
            yield f"**{family.replace('_', ' ')}**: {sum(one['proven'] for one in own):,} of {SEEDS * len(own):,} seeds"
            yield table(HEADINGS, [_row(one) for one in own])


def _row(one: Mapping[str, Any]) -> tuple[object, ...]:
    agrees = f"{one['check']}: {DRILLS - one['disagrees']:,} of {DRILLS:,}" if one["check"] else "–"
    times = f"{one['mean']:.1f} ms", f"{one['slowest']:.0f} ms"
    return one["kind"], f"{one['proven']} of {SEEDS}", one["mutants"], agrees, *times


def _slow(results: Results) -> list[str]:
    return [f"{one['kind']}: {one['slowest']:.0f} ms for a drill" for one in results if one["slowest"] > SLOWEST]


def _told() -> str:
    more = [f"- and {len(_MISSED) - MOST_TOLD} more"] if len(_MISSED) > MOST_TOLD else []
    return "\n".join([*(f"- **{one}**" for one in _MISSED[:MOST_TOLD]), *more])
