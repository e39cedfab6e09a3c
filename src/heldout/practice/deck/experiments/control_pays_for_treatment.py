"""Users who share one stock: what the treatment gains the control loses, and the lift counts it twice."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from heldout.practice.deck.asked import Verdicts, drill, first, number, order
from heldout.practice.deck.companies import feature_team, names
from heldout.practice.deck.draws import drawn, shared
from heldout.practice.deck.mistakes import answered, hurried, seen_everywhere
from heldout.practice.deck.points import number_point, verdict_point
from heldout.practice.deck.reading import table, values
from heldout.practice.drill import Difficulty, Drill, Family, Feedback, Kind, Mutant, Shown
from heldout.practice.exhibit import Rows
from heldout.practice.point import Point, Said
from heldout.practice.question import Answers

__all__ = ["KIND"]

NAME = "control-pays-for-treatment"
CITIES = {Difficulty.EASY: 12, Difficulty.MIDDLE: 18, Difficulty.HARD: 26}
NOISE = {Difficulty.EASY: 0.15, Difficulty.MIDDLE: 0.25, Difficulty.HARD: 0.35}
"""Standard deviation of a city's own level, in points."""
TABLE = "rates by city"
SHARE, WITH, WITHOUT = "treated, %", "rate with, %", "rate without, %"
VERDICTS = Verdicts(
    fault="The more users of a city are treated, the lower its control: the lift is taken from the others",
    clean="The control's rate does not depend on how many users of a city are treated: the lift is its own",
    others=(
        "Users were dealt at random within each city, so that one arm cannot have touched the other one",
        "Cities with other shares of treated users can never be compared, so that nothing can be said",
    ),
)
FIRST = (
    "Do the treated and the untreated users of a city compete for the same stock or the same staff?",
    "Is the lift within cities significant in each of the cities taken alone?",
    "Could the share of treated users be raised further where the lift is largest, until all of them have it?",
    "How many of the treated users came back to use the feature a second time?",
)
STEPS = (
    "Name what the arms share: stock, drivers, sellers, attention",
    "Set the control's rate against the share of treated users by city",
    "Randomise whole cities, or cities by week, so that the arms share nothing",
    "Read the lift between wholly treated and wholly untreated cities",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _World:
    """Per city: share treated in percent, and the rates of both arms in percent."""

    share: NDArray[np.float64]
    treated: NDArray[np.float64]
    control: NDArray[np.float64]

    @property
    def lift(self) -> float:
        return float((self.treated - self.control).mean())

    @property
    def total(self) -> float:
        """Return the rate of a wholly treated city minus that of a wholly untreated one, by straight lines."""
        at_all = np.polyfit(self.share, self.treated, 1)
        at_none = np.polyfit(self.share, self.control, 1)
        return float(np.polyval(at_all, 100.0) - np.polyval(at_none, 0.0))


def _slope(share: NDArray[np.float64], rate: NDArray[np.float64]) -> tuple[float, float]:
    """Return the slope of a rate on the share treated, in points per ten percent, and its t value."""
    x = share / 10 - (share / 10).mean()
    slope = float(x @ rate / (x @ x))
    rest = rate - rate.mean() - slope * x
    return slope, slope / float(np.sqrt(rest @ rest / (len(rate) - 2) / (x @ x)))


def _draw(rng: np.random.Generator, difficulty: Difficulty, planted: bool) -> _World:
    count = CITIES[difficulty]
    share = rng.permutation(np.round(np.linspace(10, 90, count)))
    level = rng.uniform(9, 13) + rng.normal(0, NOISE[difficulty], count)
    lift, pull = rng.uniform(1.4, 2.0), rng.uniform(0.15, 0.2) if planted else 0.0
    own = rng.normal(0, 0.1, (2, count))
    control = level - pull * share / 10 + own[0]
    treated = level + lift - pull * share / 10 + own[1]
    return _World(share=share, treated=np.round(treated, 2), control=np.round(control, 2))


def _decides(world: _World, planted: bool) -> bool:
    t = _slope(world.share, world.control)[1]
    if planted:
        return t < -4 and world.total < 0.5 * world.lift
    return abs(t) < 1.2 and world.total > 0.75 * world.lift


def _build(seed: int, difficulty: Difficulty, planted: bool) -> Drill:
    rng = shared(NAME, seed, difficulty)
    team, cities = feature_team(rng), sorted(names(rng, CITIES[difficulty], "places"))
    world = drawn(seed, difficulty, planted, _draw, _decides)
    slope, t = _slope(world.share, world.control)
    said = (
        f"With ten percent more users treated the control's rate moves by {slope:+.2f} points (t = {t:.1f}). Within "
        f"cities the lift is {world.lift:.2f} points; all treated against none, it is {world.total:.2f}."
    )
    parts = zip(cities, world.share, world.treated, world.control, strict=True)
    return drill(
        situation=(
            f"{team.company} tested its {team.product} in {len(cities)} cities, with another share of treated users in "
            f"each. Users of a city are served from one stock. The report says: within cities the rate of {team.items} "
            f"is {world.lift:.2f} points higher with it, so a full roll-out brings {world.lift:.2f} points."
        ),
        exhibits=(
            Rows(
                name=TABLE,
                columns=("city", SHARE, WITH, WITHOUT),
                rows=tuple((city, int(s), float(a), float(b)) for city, s, a, b in parts),
            ),
        ),
        asked=(
            VERDICTS.asked(rng, "Will the roll-out bring that lift?", 35, planted, said),
            number(
                "slope",
                "By how much does the control's rate move with ten percent more users treated (straight line)?",
                30,
                "percentage points, with sign",
                value=slope,
                absolute=0.02,
                because=f"The line through the {len(cities)} cities falls by {-slope:.2f} points per ten percent.",
            ),
            order(
                rng,
                "steps",
                "Suppose the arms touch. Put the recovery in order.",
                20,
                STEPS,
                "What is shared tells what to look at; only units that share nothing give the whole effect.",
            ),
            first(rng, 15, FIRST, "Random arms are comparable, but not apart, where they share a stock."),
        ),
        points=_points(rng, planted, slope),
        feedback=Feedback(
            evidence=said,
            price=(
                f"The roll-out is planned with {world.lift:.1f} points and brings {world.total:.1f}."
                if planted
                else f"The roll-out may count on some {world.total:.1f} points."
            ),
        ),
    )


def _points(rng: np.random.Generator, planted: bool, slope: float) -> tuple[Point, ...]:
    return (
        verdict_point(
            rng,
            "control falls",
            "With more users treated, the control's rate ...",
            *("falls", "does not fall", "doubles"),
            holds=planted,
            says=("The control falls with the share treated.", "The control does not fall with the share treated."),
            anchors=(
                ("control", "untreated"),
                ("fall*", "drop*", "lower*", "declin*", "depends", "loses", "suffer*", "less", "worse"),
            ),
        ),
        number_point(
            rng,
            "slope of the control",
            "By how much does the control move per ten percent?",
            *(f"{slope:+.2f} points", f"{slope - 0.5:+.2f} points", f"{slope + 0.5:+.2f} points"),
            says=f"The control moves by {slope:+.2f} points per ten percent treated.",
            anchors=(("control", "untreated", "slope", "line"),),
            said=Said(value=slope, tolerance=0.04),
        ),
    )


def _solve(shown: Shown) -> Answers:
    seen = table(shown, TABLE)
    share, control = values(seen, SHARE), values(seen, WITHOUT)
    slope, t = _slope(share, control)
    return answered(shown, VERDICTS.right(t < -2.5), steps=STEPS, first=FIRST[0], slope=slope)


def _apart(shown: Shown) -> Answers:
    seen = table(shown, TABLE)
    lift = float((values(seen, WITH) - values(seen, WITHOUT)).mean())
    return answered(shown, VERDICTS.others[0], first=FIRST[2], slope=lift)


KIND = Kind(
    family=Family.EXPERIMENTS,
    name=NAME,
    title="One stock for both arms",
    fault="Treated users take from untreated ones, and the lift between them counts it twice.",
    build=_build,
    solve=_solve,
    mutants=(
        Mutant(
            mistake="what is dealt at random is apart",
            answers=_apart,
            loses=("verdict", "slope", "first"),
            on_clean=("verdict", "slope", "first"),
        ),
        seen_everywhere("arms in one city always touch", _solve, VERDICTS),
        hurried("cities cannot be compared", VERDICTS.others[1], steps=STEPS, first=FIRST[3]),
    ),
)
