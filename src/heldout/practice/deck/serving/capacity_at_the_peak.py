"""Enough workers for the mean of the day, and too few for its peak: Little's law."""

import math
import re

import numpy as np

from heldout.core.plural import how_many
from heldout.practice.deck.asked import choice, drill, number, pick, verdict
from heldout.practice.deck.choices import option
from heldout.practice.deck.companies import story
from heldout.practice.deck.draws import shared
from heldout.practice.deck.mistakes import believing
from heldout.practice.deck.points import point
from heldout.practice.deck.reading import numbers, places, table
from heldout.practice.drill import Difficulty, Drill, Family, Feedback, Kind, Mutant, Shown
from heldout.practice.exhibit import Rows
from heldout.practice.question import Answers

__all__ = ["KIND"]

DAY = "a day"
USE = {Difficulty.EASY: 1.5, Difficulty.MIDDLE: 1.25, Difficulty.HARD: 1.06}
"""Busy workers at the planted peak, as a share of those that there are."""
GOAL = 0.75
SHORT = "At the peak more workers are needed than there are: the queue grows until it ends"
ENOUGH = "At every hour there are more workers than are busy"
MEAN = "There are too few workers even for the mean of the day"
WASTE = "At the peak fewer than a third of the workers are busy, and the rest of them could be given up"
ASK = "What comes at the busiest hour, and how long does one request keep a worker?"
FIRST = {
    ASK: 1.0,
    "What does the mean of the day need, if each hour had the same number of requests?": 0.0,
    "How many cores has the largest machine?": 0.0,
    "Which web framework serves the model?": 0.0,
}


def _build(seed: int, difficulty: Difficulty, planted: bool) -> Drill:
    rng = shared("capacity-at-the-peak", seed, difficulty)
    told = story(rng)
    each, replicas = int(rng.choice([4, 8])), int(rng.integers(4, 9))
    workers = each * replicas
    use = USE[difficulty] if planted else 0.68
    peak = int(rng.integers(17, 21))
    hours = np.arange(24)
    shape = 0.2 + 0.35 * np.exp(-(((hours - 11) / 3.0) ** 2)) + 0.8 * np.exp(-(((hours - peak) / 1.6) ** 2))
    shape = shape * rng.uniform(0.95, 1.05, 24)
    seconds = np.round(rng.uniform(0.18, 0.26) * (1 + 0.15 * shape / shape.max()) * rng.uniform(0.98, 1.02, 24), 3)
    busy = shape * seconds
    come = np.round(shape * use * workers / busy.max()).astype(int)
    busy = come * seconds
    highest = float(busy.max())
    bad = [int(hour) + 1 for hour in np.flatnonzero(busy > workers)]
    needed = math.ceil(highest / (GOAL * each) - 1e-9)
    place = int(busy.argmax())
    evidence = (
        f"At {place} h {come[place]} requests a second keep a worker for {seconds[place]:.3f} s each: "
        f"{highest:.1f} busy workers of {workers} ({highest / workers:.0%}). The mean of the day is "
        f"{busy.mean():.1f}. Hours that need more than there are: {len(bad)}."
    )
    return drill(
        f"{told.company} runs its {told.model} on {replicas} replicas of {each} workers; a worker answers one "
        "request at a time. This is a usual day: requests a second, and seconds for which one request keeps a "
        "worker.",
        (
            Rows(
                name=DAY,
                columns=("hour", "requests a second", "seconds a request"),
                rows=tuple((hour, int(come[hour]), float(seconds[hour])) for hour in range(24)),
            ),
        ),
        (
            number(
                "busy",
                "How many workers are needed at the busiest hour (mean number busy)?",
                30,
                "workers",
                highest,
                evidence,
                relative=0.02,
            ),
            pick("hours", "Pick each hour that needs more workers than there are, if any.", 15, DAY, bad, evidence),
            number(
                "replicas",
                f"How many replicas keep their workers busy for at most {GOAL:.0%} of the time at the busiest hour?",
                20,
                "replicas",
                needed,
                f"{highest:.1f} / ({GOAL:g} × {each}) = {highest / (GOAL * each):.2f}, so {needed}.",
            ),
            verdict(rng, "What do you say?", 25, SHORT if planted else ENOUGH, (SHORT, ENOUGH, MEAN, WASTE), evidence),
            choice(
                rng,
                "first",
                "What would you ask first?",
                10,
                FIRST,
                "Busy workers are what comes times how long it stays.",
            ),
        ),
        (
            point(
                rng,
                f"At the busiest hour {highest:.0f} workers are busy.",
                (("busy", "concurren*", "in flight", "workers", "little*"),),
                "How many workers are busy at the busiest hour?",
                f"{highest:.0f}",
                (f"{highest * 2:.0f}", f"{highest / 3:.0f}"),
                number=(highest, max(1.0, 0.03 * highest)),
            ),
            point(
                rng,
                f"The workers are {'not ' if planted else ''}enough for the peak.",
                (
                    ("workers", "replicas", "capacity"),
                    ("enough", "suffic*"),
                ),
                "For the busiest hour the workers are ...",
                "too few" if planted else "enough",
                ("enough" if planted else "too few", "not to be counted"),
                denied=planted,
            ),
        ),
        Feedback(
            evidence=evidence,
            price=(
                f"In {how_many(len(bad), 'hour')} of each day requests pile up until callers give up; for each, "
                f"{told.harm}."
            )
            if planted
            else f"{needed} replicas would do for {GOAL:.0%}; more would be paid for and idle.",
        ),
    )


def _workers(shown: Shown) -> tuple[int, int]:
    """Return the workers of a replica, and all of them."""
    found = re.search(r"on (\d+) replicas of (\d+) workers", shown.situation)
    assert found is not None
    return int(found[2]), int(found[1]) * int(found[2])


def _busy(shown: Shown) -> list[float]:
    pairs = zip(
        numbers(table(shown, DAY), "requests a second"), numbers(table(shown, DAY), "seconds a request"), strict=True
    )
    return [come * seconds for come, seconds in pairs]


def _solve(shown: Shown) -> Answers:
    each, workers = _workers(shown)
    busy = _busy(shown)
    mean = sum(busy) / len(busy)
    enough = WASTE if max(busy) < workers / 3 else ENOUGH
    return {
        "busy": max(busy),
        "hours": places([one > workers for one in busy]),
        "replicas": math.ceil(max(busy) / (GOAL * each) - 1e-9),
        "verdict": option(shown, "verdict", MEAN if mean > workers else SHORT if max(busy) > workers else enough),
        "first": option(shown, "first", ASK),
    }


def _mean(shown: Shown) -> float:
    busy = _busy(shown)
    return sum(busy) / len(busy)


def _for_mean(shown: Shown) -> int:
    return math.ceil(_mean(shown) / (GOAL * _workers(shown)[0]))


def _above_goal(shown: Shown) -> tuple[int, ...]:
    """Return the hours above half of the workers, as if these were more than there are."""
    return places([one > _workers(shown)[1] / 2 for one in _busy(shown)])


KIND = Kind(
    family=Family.SERVING,
    name="capacity-at-the-peak",
    title="Enough for the evening?",
    fault="The workers are enough for the mean of the day, and too few for its peak.",
    build=_build,
    solve=_solve,
    mutants=(
        Mutant(
            mistake="capacity is planned for the mean",
            answers=believing(_solve, ENOUGH, busy=_mean, replicas=_for_mean, hours=lambda _: ()),
            loses=("verdict", "busy", "replicas", "hours"),
            on_clean=("busy", "replicas"),
        ),
        Mutant(
            mistake="workers that are half busy are too few",
            answers=believing(_solve, SHORT, hours=_above_goal),
            loses=("hours",),
            on_clean=("verdict", "hours"),
        ),
    ),
)
