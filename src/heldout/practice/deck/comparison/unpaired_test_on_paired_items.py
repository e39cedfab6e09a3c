"""A test of two separate samples where both models answered the same items: it throws the pairing away."""

from dataclasses import dataclass

import numpy as np

from heldout.practice.deck.asked import Verdicts, drill, first, number, order, pick
from heldout.practice.deck.companies import model_team, names
from heldout.practice.deck.draws import drawn, shared
from heldout.practice.deck.mistakes import answered, hurried, seen_everywhere
from heldout.practice.deck.points import number_point, verdict_point
from heldout.practice.deck.reading import ends, labels, places, table, values
from heldout.practice.drill import Difficulty, Drill, Family, Feedback, Kind, Mutant, Shown
from heldout.practice.exhibit import Rows
from heldout.practice.point import Point, Said
from heldout.practice.question import Answers
from heldout.stats import mcnemar, newcombe_paired, two_proportion_test

__all__ = ["KIND"]

NAME = "unpaired-test-on-paired-items"
SITES = {Difficulty.EASY: 1, Difficulty.MIDDLE: 4, Difficulty.HARD: 9}
PAIRED_Z = {Difficulty.EASY: (3.8, 4.4), Difficulty.MIDDLE: (3.1, 3.6), Difficulty.HARD: (2.5, 2.8)}
"""How far the paired lift stands from 0 in the planted world, in standard errors."""
TABLE = "both models on the same items"
VERDICTS = Verdicts(
    fault="The test ignores that both models saw the same items; item by item, the new model is better",
    clean="Item by item the models cannot be told apart either, so the conclusion of the report stands",
    others=(
        "The z test decides: its p-value is above 5 %, which shows that the two models are equally good",
        "The new model is better, as its share of right answers is the higher one on the very same items",
    ),
)
FIRST = (
    "Can the two models' answers be joined, item by item?",
    "Would the z test come out significant at the 90 % level, or with a one-sided p-value?",
    "Is the sample large enough for the normal approximation of the z test to hold?",
    "Were the shares rounded before the z test was computed from them?",
)
STEPS = (
    "Join both models' answers by item and check that each item has exactly two",
    "Count the items that exactly one of the two models gets right, each way",
    "Compute the paired difference with its interval from these counts",
    "Set the interval against the lift that would pay for the switch, and decide",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Counts:
    """How many items both, only the old, only the new and neither model got right."""

    both: int
    old: int
    new: int
    neither: int

    @property
    def n(self) -> int:
        return self.both + self.old + self.new + self.neither

    @property
    def unpaired(self) -> float:
        """Return the p-value of the z test of two separate samples."""
        return two_proportion_test(self.both + self.new, self.n, self.both + self.old, self.n).p_value

    @property
    def half(self) -> float:
        """Return half the width of the paired 95 % interval, in points."""
        difference = (self.new - self.old) / self.n
        return float(196 * np.sqrt(((self.new + self.old) / self.n - difference**2) / self.n))


def _draw(rng: np.random.Generator, difficulty: Difficulty, planted: bool) -> _Counts:
    n = int(rng.integers(60, 91)) * 20
    gain = round(n * (rng.uniform(0.019, 0.024) if planted else rng.uniform(0.010, 0.015)))
    differing = round((gain / rng.uniform(*PAIRED_Z[difficulty])) ** 2) if planted else round(n * rng.uniform(0.1, 0.2))
    new = (differing + gain) // 2
    old, right = new - gain, round(n * rng.uniform(0.66, 0.78))
    return _Counts(both=right - new, old=old, new=new, neither=n - right - old)


def _decides(counts: _Counts, planted: bool) -> bool:
    if min(counts.both, counts.old, counts.new, counts.neither) < 2 or counts.unpaired < 0.08:
        return False
    paired = mcnemar(counts.old, counts.new).p_value
    return paired < 0.02 if planted else paired > 0.15


def _build(seed: int, difficulty: Difficulty, planted: bool) -> Drill:
    rng = shared(NAME, seed, difficulty)
    team, sites = model_team(rng), names(rng, SITES[difficulty], "places")
    counts = drawn(seed, difficulty, planted, _draw, _decides)
    table = _table(np.random.default_rng([seed, difficulty, planted]), rng, counts, sites)
    old, new = (counts.both + counts.old) / counts.n, (counts.both + counts.new) / counts.n
    gain = 100 * (new - old)
    differing = [
        cell != other for cell, other in zip(table.column("old model"), table.column("new model"), strict=True)
    ]
    said = (
        f"{counts.new} items are right with the new model only and {counts.old} with the old one only, of "
        f"{counts.n:,}: a lift of {gain:.2f} points, ± {counts.half:.2f} when paired."
    )
    return drill(
        situation=(
            f"{team.company} has a new version of its {team.product}. Old and new answered the same {counts.n:,} "
            f"{team.items}: {old:.1%} and {new:.1%} are right. A z test of two separate samples gives "
            f"p = {counts.unpaired:.2f}, and the report says that the two cannot be told apart."
        ),
        exhibits=(table,),
        asked=(
            VERDICTS.asked(rng, "Does the report's conclusion follow?", 35, planted, said),
            number(
                "half",
                "Half the width of the paired 95 % interval of the lift?",
                25,
                "percentage points",
                value=counts.half,
                relative=0.06,
                because=(
                    f"√(({counts.new} + {counts.old}) / n - lift²) / √n is the standard error; 1.96 times it: "
                    f"{counts.half:.2f} points."
                ),
            ),
            pick(
                "rows",
                "Pick the rows on which a paired comparison of the two models turns.",
                15,
                TABLE,
                places=places(differing),
                because="Items that both get right, or both wrong, say nothing of which model is better.",
            ),
            order(rng, "steps", "Put the steps of a comparison that holds in order.", 15, STEPS, STEPS_BECAUSE),
            first(rng, 10, FIRST, "Only items joined one to one can be paired."),
        ),
        points=_points(rng, counts, planted),
        feedback=Feedback(
            evidence=said,
            price=(
                f"A lift of {gain:.1f} points on every {team.product} answer is left unused."
                if planted
                else "Shipping on this would buy a switch that the items do not support."
            ),
        ),
    )


STEPS_BECAUSE = (
    "Without a clean join the counts are of nothing; the interval needs the counts, the decision the interval."
)


def _table(own: np.random.Generator, rng: np.random.Generator, counts: _Counts, sites: tuple[str, ...]) -> Rows:
    cells = [("right", "right", counts.both), ("right", "wrong", counts.old)]
    cells += [("wrong", "right", counts.new), ("wrong", "wrong", counts.neither)]
    shares = np.full(len(sites), 1 / len(sites))
    rows = [
        (site, old, new, int(items))
        for old, new, count in cells
        for site, items in zip(sites, own.multinomial(count, shares), strict=True)
    ]
    mixed = tuple(rows[place] for place in rng.permutation(len(rows)))
    return Rows(name=TABLE, columns=("site", "old model", "new model", "items"), rows=mixed)


def _points(rng: np.random.Generator, counts: _Counts, planted: bool) -> tuple[Point, ...]:
    differing = counts.new + counts.old
    return (
        verdict_point(
            rng,
            "told apart when paired",
            "Item by item, the difference of the models is ...",
            *("told from 0", "not told from 0", "not to be computed from this table"),
            holds=planted,
            says=(
                "In a paired test the models can be told apart.",
                "In a paired test the models cannot be told apart either.",
            ),
            anchors=(
                ("pair*", "same items", "mcnemar", "item by item", "matched", "discordant"),
                ("told apart", "tell apart", "significan*", "better", "excludes", "differ*", "supported"),
            ),
        ),
        number_point(
            rng,
            "only differing items count",
            "How many items bear on which model is better?",
            *(f"{differing}", f"{counts.n:,}", f"{counts.both:,}"),
            says=f"Only the {differing} items count that exactly one model gets right.",
            anchors=(("exactly one", "discordant", "only one", "differ*", "disagree*"),),
            said=Said(value=differing, tolerance=0.5),
        ),
    )


def _read(shown: Shown) -> dict[tuple[str, str], int]:
    """Return the items by what the old and the new model did."""
    seen = table(shown, TABLE)
    old, new, items = labels(seen, "old model"), labels(seen, "new model"), values(seen, "items")
    return {(a, b): int(items[(old == a) & (new == b)].sum()) for a in ("right", "wrong") for b in ("right", "wrong")}


def _solve(shown: Shown) -> Answers:
    cells, seen = _read(shown), table(shown, TABLE)
    only_new, only_old = cells["wrong", "right"], cells["right", "wrong"]
    low, high = ends(newcombe_paired(cells["right", "right"], only_new, only_old, cells["wrong", "wrong"], method=8))
    return answered(
        shown,
        VERDICTS.right(mcnemar(only_old, only_new).p_value < 0.05),
        steps=STEPS,
        first=FIRST[0],
        half=50 * (high - low),
        rows=places(labels(seen, "old model") != labels(seen, "new model")),
    )


def _unpaired(shown: Shown) -> Answers:
    cells = _read(shown)
    n = sum(cells.values())
    shares = [(cells["right", "right"] + cells[one]) / n for one in (("right", "wrong"), ("wrong", "right"))]
    half = 196 * float(np.sqrt(sum(share * (1 - share) / n for share in shares)))
    return answered(shown, VERDICTS.others[0], half=half, rows=())


KIND = Kind(
    family=Family.COMPARISON,
    name=NAME,
    title="The same items twice",
    fault="Two models answered the same items and are compared as if each had its own.",
    build=_build,
    solve=_solve,
    mutants=(
        Mutant(
            mistake="two shares are compared by the test of two separate samples",
            answers=_unpaired,
            loses=("verdict", "half", "rows"),
            on_clean=("verdict", "half", "rows"),
        ),
        seen_everywhere("an unpaired test always hides a difference", _solve, VERDICTS),
        hurried("the higher share is the better model", VERDICTS.others[1], steps=STEPS, first=FIRST[1]),
    ),
)
