"""Shops were randomised and visits analysed: a few shops are made into thousands of independent rows."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from heldout.practice.deck.asked import Verdicts, drill, number, order, pick
from heldout.practice.deck.companies import feature_team, names
from heldout.practice.deck.draws import drawn, shared
from heldout.practice.deck.mistakes import answered, hurried, seen_everywhere
from heldout.practice.deck.points import number_point, verdict_point
from heldout.practice.deck.reading import ends, labels, lines, places, table, values
from heldout.practice.drill import Difficulty, Drill, Family, Feedback, Kind, Mutant, Shown
from heldout.practice.exhibit import Lines, Rows
from heldout.practice.point import Point, Said
from heldout.practice.question import Answers
from heldout.stats import two_proportion_test, welch, welch_from_summary

__all__ = ["KIND"]

NAME = "wrong-unit-of-analysis"
CITIES = {Difficulty.EASY: 16, Difficulty.MIDDLE: 24, Difficulty.HARD: 36}
SPREAD = {Difficulty.EASY: 0.022, Difficulty.MIDDLE: 0.018, Difficulty.HARD: 0.015}
"""Standard deviation of the cities' own rates."""
TABLE, CODE = "visits by city", "analysis.py"
BY_VISIT, BY_CITY = 'sample = visits["converted"]', 'sample = visits.groupby("city")["converted"].mean()'
VERDICTS = Verdicts(
    fault="Cities were randomised and visits tested: with cities as the unit, the lift is not told from 0",
    clean="Cities were randomised and are the unit of the test: with them, the lift is told from 0",
    others=(
        "Visits are the unit as they are the rows, and so many rows leave no doubt that there is a lift",
        "As cities differ in their rates before any treatment, no experiment on cities can tell a lift",
    ),
)
STEPS = (
    "Find out what was randomised: it is the unit",
    "Bring the rows to one number for each unit",
    "Test the difference of the arms over these numbers",
    "Plan the next run by the number of units, not of rows",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _World:
    """Per city: visits, conversions, whether it was treated."""

    visits: NDArray[np.int64]
    hits: NDArray[np.int64]
    treated: NDArray[np.bool_]

    def arm(self, treated: bool) -> tuple[int, int]:
        """Return the conversions and visits of an arm."""
        own = self.treated == treated
        return int(self.hits[own].sum()), int(self.visits[own].sum())

    @property
    def p_by_visit(self) -> float:
        return two_proportion_test(*self.arm(True), *self.arm(False)).p_value

    def by_city(self) -> tuple[float, float, float]:
        """Return the difference of the cities' mean rates in points, the lower end of its interval, and the p-value."""
        rate = 100 * self.hits / self.visits
        test = welch(rate[self.treated], rate[~self.treated])
        low, high = ends(test.difference)
        return (low + high) / 2, low, 1.0 if test.p_value is None else test.p_value


def _draw(rng: np.random.Generator, difficulty: Difficulty, planted: bool) -> _World:
    count = CITIES[difficulty]
    visits = rng.integers(1500, 3200, count)
    treated = rng.permutation(np.arange(count) % 2 == 0)
    spread = SPREAD[difficulty] * (1.0 if planted else 0.35)
    rate = np.clip(rng.normal(0.12, spread, count) + np.where(treated, 0.004 if planted else 0.013, 0), 0.03, 0.3)
    return _World(visits=visits, hits=rng.binomial(visits, rate), treated=treated)


def _decides(world: _World, planted: bool) -> bool:
    (good, n), (other, m) = world.arm(True), world.arm(False)
    mean, low, p = world.by_city()
    if good / n <= other / m or mean <= 0 or world.p_by_visit > 0.005:
        return False
    return p > 0.12 and low < -0.2 if planted else p < 0.01 and low > 0.2


def _build(seed: int, difficulty: Difficulty, planted: bool) -> Drill:
    rng = shared(NAME, seed, difficulty)
    team, cities = feature_team(rng), sorted(names(rng, CITIES[difficulty], "places"))
    world = drawn(seed, difficulty, planted, _draw, _decides)
    code = _code(difficulty, BY_VISIT if planted else BY_CITY)
    mean, low, p = world.by_city()
    (good, n), (other, m) = world.arm(True), world.arm(False)
    reported = world.p_by_visit if planted else p
    said = (
        f"{n + m:,} visits come from {len(cities)} cities. Over the cities' rates the lift is {mean:.2f} points with "
        f"the lower end {low:.2f} (p = {p:.3f}); visits as rows gave p = {world.p_by_visit:.2g}."
    )
    parts = zip(cities, world.treated, world.visits, world.hits, strict=True)
    return drill(
        situation=(
            f"{team.company} turned its {team.product} on in half of its {len(cities)} cities, drawn by lot, for all "
            f"who visit there. The report says: {team.items} per visit are {good / n:.2%} with it and {other / m:.2%} "
            f"without, p = {reported:.2g}; roll out everywhere. The analysis is shown with the counts."
        ),
        exhibits=(
            Rows(
                name=TABLE,
                columns=("city", "arm", "visits", team.items),
                rows=tuple((city, "treatment" if t else "control", int(v), int(h)) for city, t, v, h in parts),
            ),
            Lines(name=CODE, text=code, language="python"),
        ),
        asked=(
            VERDICTS.asked(rng, "Does the roll-out follow?", 35, planted, said),
            pick(
                "line",
                "Pick the lines in which the unit that was randomised is lost.",
                20,
                CODE,
                places=places([one.strip() == BY_VISIT for one in code.splitlines()]),
                because="The sample is of visits." if planted else "The sample has one mean for each city.",
            ),
            number(
                "low",
                "Lower end of the 95 % interval of the lift over the cities' rates (Welch, each city once)?",
                30,
                "percentage points",
                value=low,
                absolute=0.08 * (mean - low),
                because=f"{mean:.2f} points less t times the standard error of the two means: {low:.2f}.",
            ),
            order(rng, "steps", "Put the steps of analysing it in order.", 15, STEPS, "The lot decides the unit."),
        ),
        points=_points(rng, planted, len(cities)),
        feedback=Feedback(
            evidence=said,
            price=(
                f"The roll-out counts on {100 * (good / n - other / m):.1f} points that the cities do not show."
                if planted
                else f"The lift of {mean:.1f} points holds over cities."
            ),
        ),
    )


def _code(difficulty: Difficulty, sample: str) -> str:
    lines = [
        "visits = read_visits(days=28)",
        'visits = visits[visits["bot"] == 0]',
        'per_day = visits.groupby("day")["converted"].mean()',
        "plot(per_day)",
        sample,
        'arm = arm_of(sample, by="city")',
        'result = welch(sample[arm == "treatment"], sample[arm == "control"])',
        "print(result.difference, result.p_value)",
    ]
    extra = ['print(visits.groupby("device").size())', 'first = visits.groupby("user")["time"].min()', "plot(first)"]
    return "\n".join([*lines[:4], *extra[: int(difficulty)], *lines[4:]]) + "\n"


def _points(rng: np.random.Generator, planted: bool, cities: int) -> tuple[Point, ...]:
    unit = ("city", "cities", "unit*", "cluster*", "randomised")
    return (
        verdict_point(
            rng,
            "supported over cities",
            "With cities as the unit the lift is ...",
            *("told from 0", "not told from 0", "twice as large"),
            holds=not planted,
            says=("Over cities the lift is supported.", "Over cities the lift is not supported."),
            anchors=(unit, ("support*", "significan*", "told from 0", "shown", "holds", "excludes", "above 0")),
        ),
        number_point(
            rng,
            "number of units",
            "How many units were randomised?",
            *(f"{cities}", "as many as visits", f"{cities * 28}"),
            says=f"{cities} cities were randomised.",
            anchors=(unit,),
            said=Said(value=cities, tolerance=0.5),
        ),
    )


def _solve(shown: Shown) -> Answers:
    seen, code = table(shown, TABLE), lines(shown, CODE)
    treated = labels(seen, "arm") == "treatment"
    rate = 100 * values(seen, seen.columns[3]) / values(seen, "visits")
    parts = [(float(one.mean()), float(one.std(ddof=1)), len(one)) for one in (rate[treated], rate[~treated])]
    (a, sa, n), (b, sb, m) = parts
    test = welch_from_summary(
        first_mean=a,
        first_standard_deviation=sa,
        first_n=n,
        second_mean=b,
        second_standard_deviation=sb,
        second_n=m,
    )
    low, _ = ends(test.difference)
    line = places([one.startswith("sample =") and "groupby" not in one for one in code])
    return answered(shown, VERDICTS.right(low <= 0), steps=STEPS, low=low, line=line)


def _by_visit(shown: Shown) -> Answers:
    seen = table(shown, TABLE)
    treated, visits, hits = (
        labels(seen, "arm") == "treatment",
        values(seen, "visits"),
        values(seen, seen.columns[3]),
    )
    a, b = (float(hits[own].sum() / visits[own].sum()) for own in (treated, ~treated))
    error = float(np.sqrt(a * (1 - a) / visits[treated].sum() + b * (1 - b) / visits[~treated].sum()))
    grouped = places(["groupby" in one for one in lines(shown, CODE)])
    return answered(shown, VERDICTS.others[0], low=100 * (a - b - 1.96 * error), line=grouped)


KIND = Kind(
    family=Family.EXPERIMENTS,
    name=NAME,
    title="Few cities, many visits",
    fault="Cities were randomised, and their visits are tested as if each had been.",
    build=_build,
    solve=_solve,
    mutants=(
        Mutant(
            mistake="rows are the unit",
            answers=_by_visit,
            loses=("verdict", "low", "line"),
            on_clean=("verdict", "line"),
        ),
        seen_everywhere("an experiment on cities is always analysed by the wrong unit", _solve, VERDICTS),
        hurried("units that differ allow no experiment", VERDICTS.others[1], steps=STEPS),
    ),
)
