"""Pairs in which one side was nearly always shown first, judged by raters who like what comes first."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from heldout.practice.deck.asked import Verdicts, drill, number, order, pick
from heldout.practice.deck.companies import assistant_team
from heldout.practice.deck.draws import drawn, shared
from heldout.practice.deck.mistakes import answered, hurried, seen_everywhere
from heldout.practice.deck.points import number_point, verdict_point
from heldout.practice.deck.reading import labels, places, table, values
from heldout.practice.drill import Difficulty, Drill, Family, Feedback, Kind, Mutant, Shown
from heldout.practice.exhibit import Rows
from heldout.practice.point import Point, Said
from heldout.practice.question import Answers

__all__ = ["KIND"]

NAME = "position-bias-in-pairs"
BATCHES = {Difficulty.EASY: 2, Difficulty.MIDDLE: 5, Difficulty.HARD: 12}
FIRST_SHARE = {Difficulty.EASY: 0.9, Difficulty.MIDDLE: 0.82, Difficulty.HARD: 0.75}
"""Share of the pairs in which the new version is shown first in the planted world."""
PULL = {Difficulty.EASY: 0.16, Difficulty.MIDDLE: 0.14, Difficulty.HARD: 0.13}
"""What being shown first adds to the chance of being preferred."""
TABLE = "judged pairs"
LEANING = 0.6
VERDICTS = Verdicts(
    fault="The preference follows the place on the screen: with both places weighted alike no lead is told",
    clean="The preference does not follow the place on the screen: with both places weighted alike it leads",
    others=(
        "A majority of all judged pairs prefers the new version, in whatever place it was shown: it is better",
        "Judgements in pairs cannot be used, as raters have to choose one text even where both are alike",
    ),
)
STEPS = (
    "Split the judged pairs by what was shown first",
    "Weight both places alike, and report that rate with its interval",
    "Draw the place at random for each pair from now on",
    "Show some pairs twice, in both places, and count who changes sides",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _World:
    """By batch: pairs with the new version first and second, and how many of each prefer the new one; (batches, 2)."""

    pairs: NDArray[np.int64]
    won: NDArray[np.int64]

    @property
    def raw(self) -> float:
        return float(self.won.sum() / self.pairs.sum())

    @property
    def rates(self) -> NDArray[np.float64]:
        """Return the new version's rate where it is first, and where it is second."""
        return np.asarray(self.won.sum(axis=0) / self.pairs.sum(axis=0))

    @property
    def balanced(self) -> tuple[float, float]:
        """Return the rate with both places weighted alike, and its standard error."""
        rates = self.rates
        return float(rates.mean()), float(np.sqrt((rates * (1 - rates) / self.pairs.sum(axis=0)).sum()) / 2)

    @property
    def pull(self) -> float:
        """Return what being first adds, in points."""
        return float(100 * (self.rates[0] - self.rates[1]) / 2)


def _draw(rng: np.random.Generator, difficulty: Difficulty, planted: bool) -> _World:
    batches = BATCHES[difficulty]
    total = rng.multinomial(int(rng.integers(50, 80)) * 20, np.full(batches, 1 / batches))
    first = FIRST_SHARE[difficulty] if planted else 0.5
    ahead = rng.binomial(total, first)
    pairs = np.stack([ahead, total - ahead], axis=1)
    pull = PULL[difficulty] if planted else rng.uniform(0.0, 0.015)
    centre = 0.49 if planted else rng.uniform(0.57, 0.60)
    return _World(pairs=pairs, won=rng.binomial(pairs, [centre + pull, centre - pull]))


def _decides(world: _World, planted: bool) -> bool:
    shares = world.pairs[:, 0] / world.pairs.sum(axis=1)
    if np.any(np.abs(shares - LEANING) < 0.005):
        return False
    rate, error = world.balanced
    z, raw_z = (rate - 0.5) / error, (world.raw - 0.5) * 2 * np.sqrt(world.pairs.sum())
    if planted:
        return raw_z > 2.5 and abs(z) < 1.4 and world.pull > 8 and rate < world.raw - 0.03
    return z > 3 and abs(world.pull) < 3


def _build(seed: int, difficulty: Difficulty, planted: bool) -> Drill:
    rng = shared(NAME, seed, difficulty)
    team = assistant_team(rng)
    world = drawn(seed, difficulty, planted, _draw, _decides)
    rate, error = world.balanced
    n, leaning = int(world.pairs.sum()), world.pairs[:, 0] / world.pairs.sum(axis=1) > LEANING
    said = (
        f"The new version is preferred in {world.rates[0]:.1%} of pairs where it is first and in {world.rates[1]:.1%} "
        f"where it is second; both weighted alike, {rate:.1%} ± {1.96 * error:.1%}."
    )
    rows = [
        (batch + 1, place, int(world.pairs[batch, side]), int(world.won[batch, side]))
        for batch in range(len(world.pairs))
        for side, place in enumerate(("new first", "old first"))
    ]
    mixed = tuple(rows[place] for place in rng.permutation(len(rows)))
    return drill(
        situation=(
            f"{team.company} has raters judge {team.items} of its {team.product} in pairs, the old version against the "
            f"new one, side by side on a screen. The report says: of {n:,} pairs the new version is preferred in "
            f"{world.raw:.1%}, so it is better."
        ),
        exhibits=(
            Rows(name=TABLE, columns=("batch", "shown", "pairs", "new preferred"), rows=mixed),
            Rows(name="batches", columns=("batch",), rows=tuple((one + 1,) for one in range(len(world.pairs)))),
        ),
        asked=(
            VERDICTS.asked(rng, "Is the new version better?", 30, planted, said),
            number(
                "balanced",
                "Share of pairs that prefer the new version, with both places weighted alike?",
                30,
                "percent",
                value=100 * rate,
                absolute=0.3,
                because=f"({world.rates[0]:.1%} + {world.rates[1]:.1%}) / 2 = {rate:.1%}.",
            ),
            pick(
                "leaning",
                f"Pick the batches in which the new version was shown first in more than {LEANING:.0%} of the pairs.",
                20,
                "batches",
                places=places(leaning),
                because=f"{int(leaning.sum())} of {len(leaning)} batches.",
            ),
            order(
                rng,
                "steps",
                "Suppose the place matters. Put the recovery in order.",
                20,
                STEPS,
                "What was collected is saved first, then the cause is taken away, then the effect is measured.",
            ),
        ),
        points=_points(rng, planted, rate),
        feedback=Feedback(
            evidence=said,
            price=(
                f"Of the {world.raw:.0%} for which it is shipped the screen gave {100 * (world.raw - rate):.0f} points."
                if planted
                else f"The lead of {100 * (rate - 0.5):.0f} points is not the screen's."
            ),
        ),
    )


def _points(rng: np.random.Generator, planted: bool, rate: float) -> tuple[Point, ...]:
    place = ("place", "position", "shown first", "order", "first")
    return (
        verdict_point(
            rng,
            "place matters",
            "The preference ... the place on the screen.",
            *("follows", "does not follow", "was not recorded with"),
            holds=planted,
            says=("The preference follows the place.", "The preference does not follow the place."),
            anchors=(place, ("follow*", "bias*", "matters", "drives", "explain*", "depends", "favour*", "prefer*")),
        ),
        number_point(
            rng,
            "balanced rate",
            "With both places weighted alike, the new version's share is ...",
            *(f"{rate:.1%}", f"{rate + 0.09:.1%}", f"{rate - 0.09:.1%}"),
            says=f"With both places weighted alike, {rate:.1%} prefer the new version.",
            anchors=(("balanced", "weighted", "both places", "both orders", "alike", "average*"),),
            said=Said(value=rate, tolerance=0.006),
        ),
    )


def _read(shown: Shown) -> _World:
    seen = table(shown, TABLE)
    batch, place = values(seen, "batch"), labels(seen, "shown")
    order_ = [
        [int(np.flatnonzero((batch == one) & (place == side))[0]) for side in ("new first", "old first")]
        for one in values(table(shown, "batches"), "batch")
    ]
    found = np.array(order_)
    pairs, won = (values(seen, name).astype(np.int64)[found] for name in ("pairs", "new preferred"))
    return _World(pairs=pairs, won=won)


def _solve(shown: Shown) -> Answers:
    world = _read(shown)
    first, second = (float(world.won[:, side].sum() / world.pairs[:, side].sum()) for side in (0, 1))
    variance = sum(p * (1 - p) / world.pairs[:, side].sum() for side, p in enumerate((first, second)))
    rate, error = (first + second) / 2, float(np.sqrt(variance)) / 2
    leaning = places(world.pairs[:, 0] > LEANING * world.pairs.sum(axis=1))
    verdict = VERDICTS.right(rate - 1.96 * error <= 0.5)
    return answered(shown, verdict, steps=STEPS, balanced=100 * rate, leaning=leaning)


def _all_pairs(shown: Shown) -> Answers:
    world = _read(shown)
    rest = places(world.pairs[:, 0] <= LEANING * world.pairs.sum(axis=1))
    return answered(shown, VERDICTS.others[0], balanced=100 * world.raw, leaning=rest)


KIND = Kind(
    family=Family.HUMAN,
    name=NAME,
    title="Pairs of answers",
    fault="One side of the pairs was mostly shown first, and raters prefer what is shown first.",
    build=_build,
    solve=_solve,
    mutants=(
        Mutant(
            mistake="every judged pair counts alike",
            answers=_all_pairs,
            loses=("verdict", "balanced", "leaning"),
            on_clean=("verdict", "leaning"),
        ),
        seen_everywhere("pairs are always judged by their place", _solve, VERDICTS),
        hurried("pairs cannot be used", VERDICTS.others[1], steps=STEPS),
    ),
)
