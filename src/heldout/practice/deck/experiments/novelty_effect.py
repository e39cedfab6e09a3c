"""A lift that is large in the first days and gone in the last: the mean over all days promises what will not stay."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from heldout.practice.deck.asked import Verdicts, choice, drill, number, order
from heldout.practice.deck.choices import option
from heldout.practice.deck.companies import feature_team
from heldout.practice.deck.draws import drawn, shared
from heldout.practice.deck.mistakes import answered, hurried, seen_everywhere
from heldout.practice.deck.points import number_point, verdict_point
from heldout.practice.deck.reading import panel
from heldout.practice.drill import Difficulty, Drill, Family, Feedback, Kind, Mutant, Shown
from heldout.practice.exhibit import Curves
from heldout.practice.point import Point, Said
from heldout.practice.question import Answers

__all__ = ["KIND"]

NAME = "novelty-effect"
DAYS = {Difficulty.EASY: 21, Difficulty.MIDDLE: 28, Difficulty.HARD: 28}
NOISE = {Difficulty.EASY: 0.5, Difficulty.MIDDLE: 0.8, Difficulty.HARD: 1.2}
"""Standard deviation of a day's lift, in percent."""
LAST = 7
PANEL, LIFT = "lift by days since a user's first visit", "lift"
VERDICTS = Verdicts(
    fault="The lift fades with the days since the first visit: the mean over all days overstates what stays",
    clean="The lift shows no trend over the days since the first visit: the mean over all days may be told",
    others=(
        "The lift changes from each day to the next, so that no mean of it, of any days, may be told at all",
        "The lift grows with use, as users learn the feature, and the mean over all days understates it",
    ),
)
TERM = (
    "The lift of the last week, with its interval",
    "The mean lift over all days of the test, with its interval",
    "The lift of the first week, when users gave it their attention",
    "The highest lift of any single day, as what can be reached",
)
STEPS = (
    "Plot the lift by days since first exposure, not by date alone",
    "Test its slope, with weekdays allowed for",
    "Run on until the daily lift is level for a fortnight",
    "Tell the lift of the level part, and keep a small holdback to watch it",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _World:
    lift: NDArray[np.float64]

    @property
    def late(self) -> float:
        return float(self.lift[-LAST:].mean())

    @property
    def all(self) -> float:
        return float(self.lift.mean())

    @property
    def slope(self) -> tuple[float, float]:
        """Return the slope in percent a day, and its t value."""
        return _slope(self.lift)


def _slope(lift: NDArray[np.float64]) -> tuple[float, float]:
    day = np.arange(len(lift)) - (len(lift) - 1) / 2
    slope = float(day @ lift / (day @ day))
    rest = lift - lift.mean() - slope * day
    return slope, slope / float(np.sqrt(rest @ rest / (len(lift) - 2) / (day @ day)))


def _draw(rng: np.random.Generator, difficulty: Difficulty, planted: bool) -> _World:
    day = np.arange(DAYS[difficulty])
    level = rng.uniform(6.5, 9.0) * np.exp(-day / rng.uniform(5, 8)) if planted else rng.uniform(2.0, 3.0)
    weekend = np.where(day % 7 >= 5, rng.uniform(0.3, 0.8), 0.0)
    return _World(lift=np.round(level + weekend + rng.normal(0, NOISE[difficulty], len(day)), 2))


def _decides(world: _World, planted: bool) -> bool:
    slope, t = world.slope
    if world.all < 1.2:
        return False
    return t < -4 and world.late < world.all - 0.9 and slope < 0 if planted else abs(t) < 1.2 and world.late > 1.2


def _build(seed: int, difficulty: Difficulty, planted: bool) -> Drill:
    rng = shared(NAME, seed, difficulty)
    team, days = feature_team(rng), DAYS[difficulty]
    world = drawn(seed, difficulty, planted, _draw, _decides)
    slope, t = world.slope
    said = (
        f"The lift is {world.lift[:LAST].mean():.2f} % over the first {LAST} days and {world.late:.2f} % over the "
        f"last; its slope is {slope:.3f} % a day (t = {t:.1f}). The mean over {days} days is {world.all:.2f} %."
    )
    return drill(
        situation=(
            f"{team.company} tested its {team.product} for {days} days after each user's first visit; every user is "
            f"seen for all of them. The report says: {team.items} rise by {world.all:.2f} % (the mean over all days), "
            "and this is what the year's plan counts on."
        ),
        exhibits=(
            Curves(
                name=PANEL,
                x=tuple(float(day) for day in range(1, days + 1)),
                x_label="day since first visit",
                y_label="lift, %",
                series={LIFT: tuple(float(one) for one in world.lift)},
            ),
        ),
        asked=(
            VERDICTS.asked(rng, "May the plan count on the mean?", 35, planted, said),
            number(
                "late",
                f"Mean lift over the last {LAST} days of the panel?",
                25,
                "percent",
                value=world.late,
                absolute=0.05,
                because=f"The last {LAST} days average {world.late:.2f} %.",
            ),
            choice(
                rng,
                "term",
                "Which figure is the best guess of the lift in half a year?",
                20,
                options=dict(zip(TERM, (1.0, 0.0, 0.0, 0.0) if planted else (0.5, 1.0, 0.0, 0.0), strict=True)),
                because="Where the lift fades, the newest days are nearest to it; where not, all days tell more.",
            ),
            order(
                rng, "steps", "Put the steps of telling a lasting lift in order.", 20, STEPS, "See it, test it, wait."
            ),
        ),
        points=_points(rng, planted, world),
        feedback=Feedback(
            evidence=said,
            price=(
                f"The plan counts on {world.all:.1f} % and the last week gives {world.late:.1f} %: "
                f"{1 - world.late / world.all:.0%} of the promise is missing."
                if planted
                else f"The plan may count on some {world.all:.1f} %."
            ),
        ),
    )


def _points(rng: np.random.Generator, planted: bool, world: _World) -> tuple[Point, ...]:
    return (
        verdict_point(
            rng,
            "fades",
            "Over the days since the first visit the lift ...",
            *("fades", "does not fade", "doubles"),
            holds=planted,
            says=("The lift fades over the days.", "The lift does not fade over the days."),
            anchors=(
                ("lift", "effect", "gain"),
                ("fade*", "decay*", "decline*", "wear*", "novelty", "shrink*", "falls"),
            ),
        ),
        number_point(
            rng,
            "lift of the last week",
            f"How large is the lift over the last {LAST} days?",
            *(f"{world.late:.2f} %", f"{world.late + 2.4:.2f} %", f"{world.late - 2.4:.2f} %"),
            says=f"In the last {LAST} days the lift is {world.late:.2f} %.",
            anchors=(("last", "late*", "end", "final"),),
            said=Said(value=world.late / 100, tolerance=0.0015),
        ),
    )


def _solve(shown: Shown) -> Answers:
    lift = np.array(panel(shown, PANEL).series[LIFT])
    _, t = _slope(lift)
    term = option(shown, "term", TERM[0 if t < -2.5 else 1])
    return answered(shown, VERDICTS.right(t < -2.5), steps=STEPS, late=float(lift[-LAST:].mean()), term=term)


def _by_mean(shown: Shown) -> Answers:
    lift = np.array(panel(shown, PANEL).series[LIFT])
    term = option(shown, "term", TERM[1])
    return answered(shown, VERDICTS.clean, steps=STEPS[::-1], late=float(lift.mean()), term=term)


KIND = Kind(
    family=Family.EXPERIMENTS,
    name=NAME,
    title="A lift by day",
    fault="A lift that fades is told as its mean over all days.",
    build=_build,
    solve=_solve,
    mutants=(
        Mutant(
            mistake="the mean over the experiment is what will stay",
            answers=_by_mean,
            loses=("verdict", "late", "term", "steps"),
            on_clean=("steps",),
        ),
        seen_everywhere("every lift is a novelty", _solve, VERDICTS),
        hurried("what varies by day has no mean", VERDICTS.others[0], steps=STEPS),
    ),
)
