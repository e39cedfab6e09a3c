"""A mean percentage error of a forecast, which leaves out the days on which nothing was sold."""

from dataclasses import dataclass

import numpy as np

from heldout.practice.deck.asked import choice, drill, first, number, pick
from heldout.practice.deck.choices import option
from heldout.practice.deck.companies import scene_of
from heldout.practice.deck.draws import own
from heldout.practice.deck.points import probe
from heldout.practice.deck.reading import numbers, table
from heldout.practice.drill import Difficulty, Drill, Family, Feedback, Kind, Mutant, Shown
from heldout.practice.exhibit import Rows
from heldout.practice.point import Point, Said
from heldout.practice.question import Answers

__all__ = ["KIND"]

TABLE = "days"
DAYS = {Difficulty.EASY: 12, Difficulty.MIDDLE: 18, Difficulty.HARD: 24}
ZEROS = {Difficulty.EASY: 3, Difficulty.MIDDLE: 4, Difficulty.HARD: 4}
WASTE = {Difficulty.EASY: (0.9, 1.1), Difficulty.MIDDLE: (0.7, 0.9), Difficulty.HARD: (0.5, 0.7)}
"""Forecast of a day without sales, in means of the other days."""
LIMIT = 0.2
"""Share of all errors from which the days left out decide."""
SKIPS = "The percentage error leaves out days that carry much of the error: report units over units sold"
HOLDS = "The days left out carry hardly any error: the percentage may stand, with the days named"
OTHERS = (
    "A forecast of single days cannot be scored at all",
    "The largest day decides the percentage: leave it out, as it will not come back in this size soon",
)
COST = "What does a unit too many cost, and what one too few?"
IDLE = ("Which model family was used?", "Could the days be chosen so that the percentage falls?")
PRODUCTS = (
    ("bakery", "loaves", "baked"),
    ("flower stall", "bunches", "bought"),
    ("canteen", "meals", "cooked"),
    ("parts depot", "pumps", "ordered"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """Units sold and forecast per day."""

    sold: tuple[int, ...]
    forecast: tuple[int, ...]

    @property
    def errors(self) -> list[int]:
        """Absolute errors in units."""
        return [abs(s - f) for s, f in zip(self.sold, self.forecast, strict=True)]

    @property
    def skipped(self) -> tuple[int, ...]:
        """The rows, from 1, of which no percentage can be taken."""
        return tuple(row for row, sold in enumerate(self.sold, 1) if sold == 0)

    @property
    def percentage(self) -> float:
        """Mean percentage error of the other days."""
        return float(np.mean([100 * e / s for e, s in zip(self.errors, self.sold, strict=True) if s]))

    @property
    def weighted(self) -> float:
        """All errors over all units sold, in percent."""
        return 100 * sum(self.errors) / sum(self.sold)

    @property
    def left_out(self) -> float:
        """Share of all errors that falls on the days skipped, in percent."""
        return 100 * sum(self.errors[row - 1] for row in self.skipped) / sum(self.errors)


def _world(rng: np.random.Generator, at: Difficulty, planted: bool) -> Forecast:
    mean = rng.uniform(25, 60)
    sold = np.round(rng.normal(mean, mean / 5, DAYS[at])).astype(int)
    forecast = np.round(sold * (1 + rng.choice([-1, 1], DAYS[at]) * rng.uniform(0.05, 0.16, DAYS[at]))).astype(int)
    zeros = rng.permutation(DAYS[at])[: ZEROS[at] + 1]
    for day in zeros[:-1]:
        sold[day], forecast[day] = 0, round(mean * rng.uniform(*WASTE[at])) if planted else rng.integers(0, 2)
    if at is not Difficulty.EASY:  # a day of few sales is no day without, and moves the mean no more than others
        sold[zeros[-1]], forecast[zeros[-1]] = 7, 6
    return Forecast(sold=tuple(map(int, sold)), forecast=tuple(map(int, forecast)))


def _build(seed: int, difficulty: Difficulty, planted: bool) -> Drill:
    scene = scene_of("percentage-error-skips-zeros", seed, difficulty, PRODUCTS)
    rng = own(seed, difficulty, planted)
    shop, units, made = scene.product
    world = _world(rng, difficulty, planted)
    told = (
        f"{len(world.skipped)} of {len(world.sold)} days have no sales; {world.left_out:.0f} % of all wrong units fall "
        f"on them. By units the error is {world.weighted:.1f} %, the reported mean of the other days "
        f"{world.percentage:.1f} %."
    )
    credit = {SKIPS: planted, HOLDS: not planted} | dict.fromkeys(OTHERS, False)
    wasted = sum(world.errors[row - 1] for row in world.skipped)
    return drill(
        situation=(
            f"{scene.company} forecasts how many {units} its {shop} will sell, and as many are {made}. It "
            f"reports a mean absolute percentage error of {world.percentage:.1f} % over these days, and asks whether "
            f"the forecast may order by itself."
        ),
        exhibits=(
            Rows(
                name=TABLE,
                columns=("day", "sold", "forecast"),
                rows=tuple(zip(range(1, len(world.sold) + 1), world.sold, world.forecast, strict=True)),
            ),
        ),
        asked=(
            pick(
                "skipped",
                "Pick the days that a percentage error cannot use.",
                20,
                TABLE,
                world.skipped,
                because="Nothing can be divided by 0 units sold.",
            ),
            number(
                "share",
                f"What share of all wrong {units} falls on these days?",
                25,
                "percent",
                value=world.left_out,
                absolute=1.0,
                because=told,
            ),
            number(
                "weighted",
                f"What is the error over all days, as wrong {units} per {units} sold?",
                25,
                "percent",
                value=world.weighted,
                absolute=0.6,
                because=told,
            ),
            choice(scene.rng, "verdict", "May the percentage be reported?", 20, credit, because=told),
            first(scene.rng, 10, (COST, *IDLE), "The costs of both errors choose the metric."),
        ),
        points=_points(scene.rng, world, planted),
        feedback=Feedback(evidence=told, price=f"{wasted} {units} were {made} on days on which none was sold."),
    )


def _points(rng: np.random.Generator, world: Forecast, planted: bool) -> tuple[Point, ...]:
    carried = Point(
        name="days left out",
        says=f"The days with zero sales {'carry' if planted else 'do not carry'} much of the error.",
        anchors=(
            ("without sales", "no sales", "zero*", "left out", "skip*", "nothing was sold", "sold nothing"),
            ("error*", "wrong", "wast*", "off"),
        ),
        denied=not planted,
        probe=probe(
            rng,
            "The days that the percentage skips carry ...",
            *(("much of the error", "hardly any error") if planted else ("hardly any error", "much of the error")),
            "an error that cannot be known",
        ),
    )
    share = Point(
        name="share of the error",
        says=f"The share of the wrong units on days with zero sales is {world.left_out:.0f} %.",
        anchors=(("without sales", "no sales", "zero*", "left out", "skip*", "nothing was sold"),),
        number=Said(value=world.left_out / 100, tolerance=0.015),
        probe=probe(
            rng, "Which error can be taken over all days?", "units over units sold", "mean percentage", "neither"
        ),
    )
    return carried, share


def _read(shown: Shown) -> Forecast:
    rows = table(shown, TABLE)
    sold, forecast = (tuple(int(n) for n in numbers(rows, name)) for name in ("sold", "forecast"))
    return Forecast(sold=sold, forecast=forecast)


def _solve(shown: Shown) -> Answers:
    read = _read(shown)
    return {
        "skipped": read.skipped,
        "share": read.left_out,
        "weighted": read.weighted,
        "verdict": option(shown, "verdict", SKIPS if read.left_out > 100 * LIMIT else HOLDS),
        "first": option(shown, "first", COST),
    }


def _trusting(shown: Shown) -> Answers:
    verdict = option(shown, "verdict", HOLDS)
    return {**_solve(shown), "skipped": (), "share": 0.0, "weighted": _read(shown).percentage, "verdict": verdict}


KIND = Kind(
    family=Family.METRIC,
    name="percentage-error-skips-zeros",
    title="A forecast's percentage",
    fault="A mean percentage error leaves out the days on which most is wasted.",
    build=_build,
    solve=_solve,
    mutants=(
        Mutant(
            mistake="a percentage error covers every day",
            answers=_trusting,
            loses=("skipped", "share", "weighted", "verdict"),
            on_clean=("skipped",),
        ),
        Mutant(
            mistake="days without sales always spoil a percentage",
            answers=lambda shown: {**_solve(shown), "verdict": option(shown, "verdict", SKIPS)},
            on_clean=("verdict",),
        ),
        Mutant(
            mistake="the days left out count by their number",
            answers=lambda shown: {
                **_solve(shown),
                "share": 100 * len(_read(shown).skipped) / len(_read(shown).sold),
                "verdict": option(shown, "verdict", SKIPS),
            },
            loses=("share",),
            on_clean=("share", "verdict"),
        ),
    ),
)
