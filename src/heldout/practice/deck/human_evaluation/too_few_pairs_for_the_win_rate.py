"""A win rate above a half on so few judged pairs that its interval holds the half."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from heldout.practice.deck.asked import Verdicts, drill, number, order
from heldout.practice.deck.companies import assistant_team
from heldout.practice.deck.draws import drawn, shared
from heldout.practice.deck.mistakes import answered, hurried, seen_everywhere
from heldout.practice.deck.points import number_point, verdict_point
from heldout.practice.deck.reading import ends, table, values
from heldout.practice.drill import Difficulty, Drill, Family, Feedback, Kind, Mutant, Shown
from heldout.practice.exhibit import Rows
from heldout.practice.point import Point, Said
from heldout.practice.question import Answers
from heldout.stats import wilson

__all__ = ["KIND"]

NAME = "too-few-pairs-for-the-win-rate"
TOPICS = (
    *("billing", "returns", "delivery", "account", "opening hours", "warranty", "privacy", "complaints", "prices"),
    *("repairs", "gifts", "jobs"),
)
COUNT = {Difficulty.EASY: 3, Difficulty.MIDDLE: 7, Difficulty.HARD: 12}
PAIRS = {Difficulty.EASY: (40, 60), Difficulty.MIDDLE: (70, 110), Difficulty.HARD: (130, 190)}
"""Judged pairs of the planted world."""
TABLE = "judged pairs by topic"
VERDICTS = Verdicts(
    fault="The interval of the win rate holds one half: so few decided pairs cannot tell the two apart",
    clean="The interval of the win rate lies above one half: so many decided pairs tell the two apart",
    others=(
        "The win rate lies above one half and is a majority once ties are left out, so the new one is better",
        "As there are ties, no win rate can be computed, and the judged pairs say nothing of the two",
    ),
)
STEPS = (
    "Name the smallest win rate for which the switch would be made",
    "Work out how many decided pairs tell that rate from one half",
    "Draw so many items from what users ask, before any is judged",
    "Judge them all with the places drawn at random, and ties allowed",
    "Give the win rate with its interval, and decide",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _World:
    """By topic: pairs won, lost and tied by the new version."""

    won: NDArray[np.int64]
    lost: NDArray[np.int64]
    tied: NDArray[np.int64]

    @property
    def wins(self) -> int:
        return int(self.won.sum())

    @property
    def decided(self) -> int:
        return int(self.won.sum() + self.lost.sum())

    @property
    def low(self) -> float:
        return 100 * ends(wilson(self.wins, self.decided))[0]


def _needed(rate: float) -> float:
    """Return the decided pairs that tell `rate` from one half: 5 % two-sided, 80 % power, the normal formula."""
    return float(((1.96 * 0.5 + 0.8416 * np.sqrt(rate * (1 - rate))) / (rate - 0.5)) ** 2)


def _draw(rng: np.random.Generator, difficulty: Difficulty, planted: bool) -> _World:
    few = rng.integers(*PAIRS[difficulty])
    decided = int(few if planted else few * 9)
    rate = rng.uniform(0.54, 0.57) if planted else rng.uniform(0.56, 0.6)
    topics = np.full(COUNT[difficulty], 1 / COUNT[difficulty])
    won = round(decided * rate)
    return _World(
        won=rng.multinomial(won, topics),
        lost=rng.multinomial(decided - won, topics),
        tied=rng.multinomial(round(decided * rng.uniform(0.15, 0.3)), topics),
    )


def _decides(world: _World, planted: bool) -> bool:
    return world.low < 49.3 if planted else world.low > 51.0


def _build(seed: int, difficulty: Difficulty, planted: bool) -> Drill:
    rng = shared(NAME, seed, difficulty)
    team = assistant_team(rng)
    topics = [TOPICS[place] for place in rng.permutation(len(TOPICS))[: COUNT[difficulty]]]
    world = drawn(seed, difficulty, planted, _draw, _decides)
    rate, (low, high) = world.wins / world.decided, ends(wilson(world.wins, world.decided))
    needed, pairs = _needed(rate), world.decided + int(world.tied.sum())
    said = (
        f"{world.wins} of {world.decided} decided pairs: {rate:.1%} [{low:.1%}, {high:.1%}]. To tell "
        f"such a rate from one half takes some {needed:,.0f} decided pairs."
    )
    parts = zip(topics, world.won, world.lost, world.tied, strict=True)
    return drill(
        situation=(
            f"{team.company} had {pairs:,} pairs of {team.items} judged, each from the new and the old version of its "
            f"{team.product}, places drawn at random. The report says: ties left out, the new version wins {rate:.0%}, "
            "so it is better and is shipped."
        ),
        exhibits=(
            Rows(
                name=TABLE,
                columns=("topic", "new won", "old won", "tied"),
                rows=tuple((topic, int(a), int(b), int(c)) for topic, a, b, c in parts),
            ),
        ),
        asked=(
            VERDICTS.asked(rng, "Is it shown that the new version is better?", 35, planted, said),
            number(
                "low",
                "Lower end of the 95 % interval of the win rate, ties left out (Wilson)?",
                25,
                "percent",
                value=world.low,
                absolute=0.4,
                because=f"{world.wins} of {world.decided}: {world.low:.1f} %.",
            ),
            number(
                "needed",
                "How many decided pairs tell a true rate like the observed one from one half (5 %, power 80 %)?",
                20,
                "decided pairs",
                value=needed,
                relative=0.08,
                because=f"((1.96 × 0.5 + 0.84 × √(p (1 - p))) / (p - 0.5))² = {needed:,.0f}.",
            ),
            order(
                rng,
                "steps",
                "Suppose the pairs are too few. Put the recovery in order.",
                20,
                STEPS,
                "The decision sets the effect, the effect the number, and the number is set before anything is judged.",
            ),
        ),
        points=_points(rng, planted, world),
        feedback=Feedback(
            evidence=said,
            price=(
                f"A version is shipped on {world.decided} decided pairs that fit a loss too: the interval begins at "
                f"{world.low:.0f} %."
                if planted
                else f"The new version wins {world.low:.0f} % of decided pairs or more."
            ),
        ),
    )


def _points(rng: np.random.Generator, planted: bool, world: _World) -> tuple[Point, ...]:
    return (
        verdict_point(
            rng,
            "told from one half",
            "The win rate is ... one half.",
            *("told from", "not told from", "equal to"),
            holds=not planted,
            says=("The win rate is told from one half.", "The win rate is not told from one half."),
            anchors=(
                ("win rate", "rate", "preference", "lead", "better"),
                ("told from", "significan*", "excludes", "above one half", "above 50", "shown", "support*"),
            ),
        ),
        number_point(
            rng,
            "decided pairs",
            "How many pairs were decided?",
            *(f"{world.decided}", f"{world.decided + int(world.tied.sum())}", f"{world.wins}"),
            says=f"{world.decided} pairs were decided.",
            anchors=(("decided", "pair*", "judg*", "sample", "items"),),
            said=Said(value=world.decided, tolerance=0.5),
        ),
        number_point(
            rng,
            "lower end",
            "Where does the interval of the win rate begin?",
            *(f"{world.low:.1f} %", f"{world.low + 9:.1f} %", f"{world.low - 9:.1f} %"),
            says=f"The interval begins at {world.low:.1f} %.",
            anchors=(("interval", "lower", "begins", "low as", "from"),),
            said=Said(value=world.low / 100, tolerance=0.006),
        ),
    )


def _read(shown: Shown) -> tuple[int, int, int]:
    """Return the pairs won, lost and tied by the new version."""
    seen = table(shown, TABLE)
    won, lost, tied = (int(values(seen, name).sum()) for name in ("new won", "old won", "tied"))
    return won, lost, tied


def _solve(shown: Shown) -> Answers:
    won, lost, _ = _read(shown)
    (low, _), rate = ends(wilson(won, won + lost)), won / (won + lost)
    return answered(shown, VERDICTS.right(low <= 0.5), steps=STEPS, low=100 * low, needed=_needed(rate))


def _majority(shown: Shown) -> Answers:
    won, lost, tied = _read(shown)
    return answered(shown, VERDICTS.others[0], low=100 * won / (won + lost), needed=float(won + lost + tied) * 1.2)


KIND = Kind(
    family=Family.HUMAN,
    name=NAME,
    title="More than half",
    fault="A win rate above one half is told on so few pairs that its interval holds the half.",
    build=_build,
    solve=_solve,
    mutants=(
        Mutant(
            mistake="more than half is better",
            answers=_majority,
            loses=("verdict", "low", "needed"),
            on_clean=("verdict", "low", "needed"),
        ),
        seen_everywhere("win rates are always told on too few pairs", _solve, VERDICTS),
        hurried("ties make pairs useless", VERDICTS.others[1], steps=STEPS),
    ),
)
