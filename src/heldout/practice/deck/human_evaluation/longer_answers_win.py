"""A version that writes longer and is preferred for it: at like length the preference is gone."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from heldout.practice.deck.asked import Verdicts, drill, first, number, order, pick
from heldout.practice.deck.companies import assistant_team
from heldout.practice.deck.draws import drawn, shared
from heldout.practice.deck.mistakes import answered, hurried, seen_everywhere
from heldout.practice.deck.points import number_point, verdict_point
from heldout.practice.deck.reading import ends, places, table, values
from heldout.practice.drill import Difficulty, Drill, Family, Feedback, Kind, Mutant, Shown
from heldout.practice.exhibit import Rows
from heldout.practice.point import Point, Said
from heldout.practice.question import Answers
from heldout.stats import wilson

__all__ = ["KIND"]

NAME = "longer-answers-win"
BINS = {Difficulty.EASY: 5, Difficulty.MIDDLE: 9, Difficulty.HARD: 13}
SLOPE = {Difficulty.EASY: 0.35, Difficulty.MIDDLE: 0.28, Difficulty.HARD: 0.22}
"""What a length of twice the other's adds to the chance of being preferred, in the planted world."""
TABLE, LOW, HIGH = "pairs by length", "new longer by, from %", "to %"
LIKE = 10
VERDICTS = Verdicts(
    fault="The preference follows the length: among pairs of like length no lead of the new version is told",
    clean="The preference does not follow the length: among pairs of like length the new version leads too",
    others=(
        "What raters prefer over all of the pairs is what counts, whether it is the longer text or not",
        "As the two versions differ so much in length, no comparison of them by raters is possible at all",
    ),
)
FIRST = (
    "How much longer are the new version's texts than the old one's?",
    "Is the share of 'new preferred' significantly above one half over all of the pairs?",
    "Would the preference grow if the new version wrote at still greater length?",
    "Do all raters prefer the new version, or only the larger part of them?",
)
STEPS = (
    "Split the judged pairs by how much longer the new text is",
    "Report the preference among pairs of like length, with its interval",
    "Ask in the guideline for what users need, and name padding as a fault",
    "Bring both versions to like length and judge fresh pairs",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _World:
    """By bin of length: its ends in percent, judged pairs, and those that prefer the new version."""

    low: NDArray[np.int64]
    high: NDArray[np.int64]
    pairs: NDArray[np.int64]
    won: NDArray[np.int64]

    @property
    def like(self) -> NDArray[np.bool_]:
        return np.asarray((self.low >= -LIKE) & (self.high <= LIKE))

    @property
    def matched(self) -> tuple[int, int]:
        """Return the preferring and the judged pairs of like length."""
        return int(self.won[self.like].sum()), int(self.pairs[self.like].sum())


def _edges(difficulty: Difficulty) -> NDArray[np.int64]:
    return {
        Difficulty.EASY: np.array([-40, -LIKE, LIKE, 40, 80, 120]),
        Difficulty.MIDDLE: np.array([-40, -25, -LIKE, 0, LIKE, 25, 45, 70, 95, 120]),
        Difficulty.HARD: np.array([-50, -35, -20, -LIKE, -5, 0, 5, LIKE, 25, 40, 60, 80, 100, 120]),
    }[difficulty]


def _draw(rng: np.random.Generator, difficulty: Difficulty, planted: bool) -> _World:
    edges = _edges(difficulty)
    low, high = edges[:-1], edges[1:]
    middle = (low + high) / 2
    weight = (high - low) * np.exp(-(((middle - 35) / 45) ** 2))
    pairs = rng.multinomial(int(rng.integers(100, 140)) * 20, weight / weight.sum())
    rate = 0.5 + SLOPE[difficulty] * middle / 100 if planted else np.full(len(low), rng.uniform(0.59, 0.62))
    return _World(low=low, high=high, pairs=pairs, won=rng.binomial(pairs, np.clip(rate, 0.05, 0.95)))


def _decides(world: _World, planted: bool) -> bool:
    raw, (low, high) = world.won.sum() / world.pairs.sum(), ends(wilson(*world.matched))
    if raw < 0.55 or world.matched[1] < 150 or world.pairs.min() < 20:
        return False
    share = world.matched[0] / world.matched[1]
    if planted:
        return low < 0.485 and high > 0.5 and share < raw - 0.02
    return low > 0.515 and abs(share - raw) > 0.006


def _build(seed: int, difficulty: Difficulty, planted: bool) -> Drill:
    rng = shared(NAME, seed, difficulty)
    team = assistant_team(rng)
    world = drawn(seed, difficulty, planted, _draw, _decides)
    won, matched = world.matched
    share, raw, (low, high) = won / matched, float(world.won.sum() / world.pairs.sum()), ends(wilson(won, matched))
    said = (
        f"Among {matched} pairs whose lengths differ by {LIKE} % or less the new version is preferred in {share:.1%} "
        f"[{low:.1%}, {high:.1%}]; over all pairs in {raw:.1%}."
    )
    parts = zip(world.low, world.high, world.pairs, world.won, strict=True)
    rows = [(int(a), int(b), int(n), int(k)) for a, b, n, k in parts]
    mixed = tuple(rows[place] for place in rng.permutation(len(rows)))
    return drill(
        situation=(
            f"{team.company} has raters compare {team.items} of two versions of its {team.product} in pairs, with the "
            f"places drawn at random. The report says: the new version is preferred in {raw:.1%} of "
            f"{int(world.pairs.sum()):,} pairs, so it writes better {team.items}."
        ),
        exhibits=(Rows(name=TABLE, columns=(LOW, HIGH, "pairs", "new preferred"), rows=mixed),),
        asked=(
            VERDICTS.asked(rng, "Does the new version write better?", 30, planted, said),
            number(
                "matched",
                f"Share preferring the new version among pairs whose lengths differ by {LIKE} % or less?",
                25,
                "percent",
                value=100 * share,
                absolute=0.3,
                because=f"{won} of {matched}: {share:.1%}.",
            ),
            pick(
                "like",
                f"Pick the rows of pairs whose lengths differ by {LIKE} % or less, where length cannot decide much.",
                15,
                TABLE,
                places=places([row[0] >= -LIKE and row[1] <= LIKE for row in mixed]),
                because=f"The rows between -{LIKE} and {LIKE} %.",
            ),
            order(
                rng,
                "steps",
                "Suppose the length decides. Put the recovery in order.",
                20,
                STEPS,
                "What was collected is read anew before it is collected anew; the guideline precedes new pairs.",
            ),
            first(rng, 10, FIRST, "The difference in length is the rival explanation."),
        ),
        points=_points(rng, planted, share),
        feedback=Feedback(
            evidence=said,
            price=(
                f"Users read longer {team.items} that are no better, and each costs more to write."
                if planted
                else f"The new version leads by {100 * (share - 0.5):.0f} points at like length."
            ),
        ),
    )


def _points(rng: np.random.Generator, planted: bool, share: float) -> tuple[Point, ...]:
    length = ("length*", "longer", "long", "verbos*", "wordy", "padding")
    return (
        verdict_point(
            rng,
            "length decides",
            "The preference ... the length.",
            *("follows", "does not follow", "was not recorded with"),
            holds=planted,
            says=("The preference follows the length.", "The preference does not follow the length."),
            anchors=(length, ("follow*", "bias*", "decides", "drives", "explain*", "depends", "because of", "prefer*")),
        ),
        number_point(
            rng,
            "preference at like length",
            "At like length the new version's share is ...",
            *(f"{share:.1%}", f"{share + 0.11:.1%}", f"{share - 0.11:.1%}"),
            says=f"At like length {share:.1%} prefer the new version.",
            anchors=(("like length", "same length", "similar length", "equal length", "matched", "comparable"),),
            said=Said(value=share, tolerance=0.006),
        ),
    )


def _solve(shown: Shown) -> Answers:
    seen = table(shown, TABLE)
    like = np.maximum(np.abs(values(seen, LOW)), np.abs(values(seen, HIGH))) <= LIKE
    pairs, won = values(seen, "pairs")[like].sum(), values(seen, "new preferred")[like].sum()
    low, _ = ends(wilson(int(won), int(pairs)))
    verdict = VERDICTS.right(low <= 0.5)
    matched = 100 * float(won / pairs)
    return answered(shown, verdict, steps=STEPS, first=FIRST[0], matched=matched, like=places(like))


def _all_pairs(shown: Shown) -> Answers:
    seen = table(shown, TABLE)
    raw = 100 * float(values(seen, "new preferred").sum() / values(seen, "pairs").sum())
    longer = places(values(seen, LOW) >= LIKE)
    return answered(shown, VERDICTS.others[0], first=FIRST[1], matched=raw, like=longer)


KIND = Kind(
    family=Family.HUMAN,
    name=NAME,
    title="Which answer is better?",
    fault="The new version writes longer, and raters prefer the longer of two texts.",
    build=_build,
    solve=_solve,
    mutants=(
        Mutant(
            mistake="what is preferred over all pairs is better",
            answers=_all_pairs,
            loses=("verdict", "matched", "like", "first"),
            on_clean=("verdict", "matched", "like", "first"),
        ),
        seen_everywhere("raters always prefer the longer text", _solve, VERDICTS),
        hurried("versions of other length cannot be compared", VERDICTS.others[1], steps=STEPS, first=FIRST[3]),
    ),
)
