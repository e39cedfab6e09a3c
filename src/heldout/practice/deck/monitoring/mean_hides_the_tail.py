"""An alert on the mean of latencies, while one answer in so many takes seconds."""

from collections.abc import Sequence

import numpy as np

from heldout.practice.deck.alerts import Rule, parsed, written
from heldout.practice.deck.asked import choice, drill, number, verdict
from heldout.practice.deck.choices import option
from heldout.practice.deck.companies import story
from heldout.practice.deck.draws import shared
from heldout.practice.deck.mistakes import believing
from heldout.practice.deck.points import point
from heldout.practice.deck.reading import numbers, table, text
from heldout.practice.drill import Difficulty, Drill, Family, Feedback, Kind, Mutant, Shown
from heldout.practice.exhibit import Lines, Rows
from heldout.practice.question import Answers

__all__ = ["KIND"]

RULES, TABLE = "alerts.yml", "histogram"
BOUNDS = (0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 2.0, 4.0, 8.0)
TYPICAL = (0.035, 0.075, 0.15, 0.25, 0.4, 0.7, 1.5, 3.0, 6.0)
"""The mean of the requests within each bucket, in seconds."""
PROMISE = 1.0
SLOW = {Difficulty.EASY: 0.07, Difficulty.MIDDLE: 0.035, Difficulty.HARD: 0.016}
"""Share of planted requests that take longer than the promise; the promise is broken from 0.01 on."""
HIDDEN = "The promise is broken and no alert says so: the mean hides the slow tail"
SOUND = "The promise is kept, and no alert fires, as it should be"
FIRES = "The alert fires: the mean is above its threshold"
FASTER = "The median is too high: make the usual request faster, and the rest will follow"
ASK = "Which share of the requests was promised to be faster than what?"
FIRST = {
    ASK: 1.0,
    "By how much did the mean rise over the week?": 0.0,
    "How large is the standard deviation?": 0.0,
    "Could the usual request be made faster?": 0.0,
}


def _build(seed: int, difficulty: Difficulty, planted: bool) -> Drill:
    rng = shared("mean-hides-the-tail", seed, difficulty)
    told = story(rng)
    total = int(rng.integers(40, 120)) * 500
    share = SLOW[difficulty] * rng.uniform(0.9, 1.1) if planted else rng.uniform(0.002, 0.006)
    usual = rng.dirichlet(np.array([6, 12, 10, 6, 4, 2]) * 4)
    tail = rng.dirichlet(np.array([3, 5, 4]) * 4)
    counts = np.round(total * np.concatenate([(1 - share) * usual, share * tail])).astype(int)
    seconds = round(float(counts @ np.array(TYPICAL)), 1)
    up_to = np.cumsum(counts).tolist()
    total, slow = int(up_to[-1]), int(up_to[-1] - up_to[BOUNDS.index(PROMISE)])
    mean, high = seconds / total, _quantile(0.99, BOUNDS, up_to)
    threshold = 0.6
    metric = f"{told.prefix}_latency_mean_seconds"
    rules = written(
        [Rule(alert="AnswersSlow", metric=metric, threshold=threshold, hold=10, notes={"severity": "page"})]
    )
    evidence = (
        f"The mean is {mean:.3f} s, below {threshold:g} s; the p99 is {high:.2f} s, where {PROMISE:g} s is promised. "
        f"{slow:,} of {total:,} requests ({slow / total:.1%}) take longer than {PROMISE:g} s."
    )
    return drill(
        f"{told.company} promises that 99 of 100 {told.answers} of its {told.model} take at most {PROMISE:g} s. "
        "Support hears complaints; the dashboard is green. In the hour shown, all requests together took "
        f"{seconds:,} seconds; the table counts, cumulatively, the requests that took at most so many seconds.",
        (
            Lines(name=RULES, text=rules, language="yaml"),
            Rows(name=TABLE, columns=("le", "requests"), rows=tuple(zip(BOUNDS, up_to, strict=True))),
        ),
        (
            number("mean", "What is the mean latency?", 15, "seconds", mean, evidence, absolute=0.005, relative=0.01),
            number(
                "p99",
                "What is the p99 (linear within its bucket)?",
                30,
                "seconds",
                high,
                f"Request {0.99 * total:,.0f} of {total:,} lies at {high:.3f} s.",
                absolute=0.02,
                relative=0.04,
            ),
            number("slow", "How many requests take longer than the promise?", 15, "requests", slow, evidence),
            verdict(
                rng, "What do you say?", 30, HIDDEN if planted else SOUND, (HIDDEN, SOUND, FIRES, FASTER), evidence
            ),
            choice(rng, "first", "What would you ask first?", 10, FIRST, "The promise names the quantile to watch."),
        ),
        (
            point(
                rng,
                f"The p99 is {high:.2f} s.",
                (("p99", "99th", "99 of 100", "slowest percent", "slowest 1", "tail"),),
                "What is the p99?",
                f"{high:.2f} s",
                (f"{mean:.2f} s", f"{high * 2.5:.2f} s"),
                number=(high, max(0.05, 0.05 * high)),
            ),
            point(
                rng,
                f"The mean {'hides' if planted else 'does not hide'} a tail that breaks the promise.",
                (("mean", "average"), ("hide*", "mask*", "cover*", "conceal*", "blind")),
                "Behind the mean there is ...",
                "a tail that breaks the promise" if planted else "no tail that breaks the promise",
                (
                    "no tail that breaks the promise" if planted else "a tail that breaks the promise",
                    "nothing that a histogram could tell",
                ),
                denied=not planted,
            ),
        ),
        Feedback(
            evidence=evidence, price=f"{slow:,} requests an hour wait longer than was promised; for each, {told.harm}."
        ),
    )


def _quantile(level: float, bounds: Sequence[float], up_to: Sequence[float]) -> float:
    """Return the quantile of a cumulative histogram, linear within its bucket, as histogram_quantile does."""
    rank = level * up_to[-1]
    place = next(place for place, count in enumerate(up_to) if count >= rank)
    low, before = (bounds[place - 1], up_to[place - 1]) if place else (0.0, 0.0)
    return low + (bounds[place] - low) * (rank - before) / (up_to[place] - before)


def _seconds(shown: Shown) -> float:
    return float(shown.situation.partition("together took ")[2].split()[0].replace(",", ""))


def _solve(shown: Shown) -> Answers:
    bounds, up_to = numbers(table(shown, TABLE), "le"), numbers(table(shown, TABLE), "requests")
    (rule,) = parsed(text(shown, RULES))
    mean, high = _seconds(shown) / up_to[-1], _quantile(0.99, bounds, up_to)
    says = FIRES if rule.is_true(mean) else HIDDEN if high > PROMISE else SOUND
    return {
        "mean": mean,
        "p99": high,
        "slow": up_to[-1] - up_to[bounds.index(PROMISE)],
        "verdict": option(shown, "verdict", says),
        "first": option(shown, "first", ASK),
    }


def _upper_bound(shown: Shown) -> float:
    bounds, up_to = numbers(table(shown, TABLE), "le"), numbers(table(shown, TABLE), "requests")
    return next(bound for bound, count in zip(bounds, up_to, strict=True) if count >= 0.999 * up_to[-1])


KIND = Kind(
    family=Family.MONITORING,
    name="mean-hides-the-tail",
    title="A green dashboard",
    fault="The alert watches the mean of latencies, while the promised quantile is broken.",
    build=_build,
    solve=_solve,
    mutants=(
        Mutant(
            mistake="a mean below its threshold is a promise kept",
            answers=believing(_solve, SOUND, slow=lambda _: 0, p99=lambda shown: _solve(shown)["mean"]),
            loses=("verdict", "slow", "p99"),
        ),
        Mutant(
            mistake="complaints prove a slow tail",
            answers=believing(_solve, HIDDEN, p99=_upper_bound),
            on_clean=("verdict", "p99"),
        ),
    ),
)
