"""A difference that is not significant, read as "just as good": what it may cost is not excluded."""

from dataclasses import dataclass

import numpy as np

from heldout.practice.deck.asked import Verdicts, drill, number, order
from heldout.practice.deck.companies import model_team, names
from heldout.practice.deck.draws import drawn, shared
from heldout.practice.deck.mistakes import answered, hurried, seen_everywhere
from heldout.practice.deck.points import number_point, verdict_point
from heldout.practice.deck.reading import ends, table, values
from heldout.practice.drill import Difficulty, Drill, Family, Feedback, Kind, Mutant, Shown
from heldout.practice.exhibit import Rows
from heldout.practice.point import Point, Said
from heldout.practice.question import Answers
from heldout.stats import mcnemar, newcombe_paired

__all__ = ["KIND"]

NAME = "not-significant-read-as-equal"
SITES = {Difficulty.EASY: 1, Difficulty.MIDDLE: 6, Difficulty.HARD: 14}
BEYOND = {Difficulty.EASY: (2.0, 3.0), Difficulty.MIDDLE: (1.5, 1.9), Difficulty.HARD: (1.15, 1.4)}
"""How many times the margin the interval reaches down in the planted world."""
TABLE = "old and small model on the same items"
VERDICTS = Verdicts(
    fault="The interval reaches below the margin: that the small model is as good is not shown by these items",
    clean="The interval stays above the margin: that the small model is good enough is shown by these items",
    others=(
        "The p-value is above 5 %, and this alone, with so many items, shows that the two models are equally good",
        "The point estimate is below 0, and this alone shows that the small model is worse",
    ),
)
STEPS = (
    "Agree on the largest loss that the saving would pay for: the margin",
    "Work out how many items an interval that fits within the margin takes",
    "Score both models on so many items, the same ones, and join them",
    "Compare the lower end of the paired interval with the margin, and decide",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _World:
    """Items, those that only the old or only the small model gets right, and the margin in points."""

    n: int
    right: int
    old: int
    small: int
    margin: float

    @property
    def low(self) -> float:
        """Return the lower end of the paired 95 % interval, small minus old, in points (Wald)."""
        share = (self.small - self.old) / self.n
        return float(100 * (share - 1.96 * np.sqrt(((self.small + self.old) / self.n - share**2) / self.n)))


def _draw(rng: np.random.Generator, difficulty: Difficulty, planted: bool) -> _World:
    margin, share = float(rng.choice([1.0, 1.5, 2.0])), rng.uniform(0.08, 0.14)
    reach = margin * (rng.uniform(*BEYOND[difficulty]) if planted else rng.uniform(0.6, 0.85))
    loss = reach * rng.uniform(0.1, 0.3)
    n = round(share * (196 / (reach - loss)) ** 2)
    differing, gap = round(n * share), round(n * loss / 100)
    small = (differing - gap) // 2
    return _World(n=n, right=round(n * rng.uniform(0.55, 0.7)), old=small + gap, small=small, margin=margin)


def _decides(world: _World, planted: bool) -> bool:
    if not 300 <= world.n <= 9000 or world.small < 8 or world.old <= world.small:
        return False
    if mcnemar(world.old, world.small).p_value < 0.15:
        return False
    return world.low < -1.1 * world.margin if planted else world.low > -0.92 * world.margin


def _build(seed: int, difficulty: Difficulty, planted: bool) -> Drill:
    rng = shared(NAME, seed, difficulty)
    team, sites = model_team(rng), sorted(names(rng, SITES[difficulty], "places"))
    world = drawn(seed, difficulty, planted, _draw, _decides)
    p, loss = mcnemar(world.old, world.small).p_value, 100 * (world.small - world.old) / world.n
    needed = (world.old + world.small) / world.n * (196 / world.margin) ** 2
    said = (
        f"The difference is {loss:.2f} points with a lower end of {world.low:.2f}; the margin is -{world.margin:g}. "
        f"p = {p:.2f} only says that 0 lies inside the interval."
    )
    return drill(
        situation=(
            f"{team.company} wants to replace the model of its {team.product} by a small one at a tenth of the cost. A "
            f"loss of up to {world.margin:g} points would be paid for by the saving. On {world.n:,} {team.items} that "
            f"both answered, the paired test gives p = {p:.2f}; the report says: no difference, so it is as good."
        ),
        exhibits=(_table(np.random.default_rng([seed, difficulty, planted]), world, sites),),
        asked=(
            VERDICTS.asked(rng, "Is it shown that the small model loses no more than the margin?", 40, planted, said),
            number(
                "low",
                "Lower end of the paired 95 % interval of the difference, small minus old?",
                25,
                "percentage points",
                value=world.low,
                absolute=0.05 * abs(world.low) + 0.02,
                because=f"{loss:.2f} - 1.96 × the paired standard error = {world.low:.2f}.",
            ),
            number(
                "needed",
                "With a true difference of 0: how many items bring half the 95 % interval's width down to the margin?",
                20,
                team.items,
                value=needed,
                relative=0.08,
                because=f"The share of differing items × (1.96 / margin)² = {needed:,.0f}.",
            ),
            order(
                rng, "steps", "Put the steps of showing 'good enough' in order.", 15, STEPS, "The margin sets the n."
            ),
        ),
        points=_points(rng, planted, world),
        feedback=Feedback(
            evidence=said,
            price=(
                f"A loss of {-world.low:.1f} points is not excluded, where {world.margin:g} are paid for."
                if planted
                else f"The saving costs at most {-world.low:.1f} points, and {world.margin:g} were allowed."
            ),
        ),
    )


def _table(own: np.random.Generator, world: _World, sites: list[str]) -> Rows:
    cells = (world.right, world.old, world.small, world.n - world.right - world.old - world.small)
    shares = np.full(len(sites), 1 / len(sites))
    dealt = [own.multinomial(count, shares) for count in cells]
    rows = tuple(zip(sites, *(part.tolist() for part in dealt), strict=True))
    return Rows(name=TABLE, columns=("site", "both right", "only old", "only small", "both wrong"), rows=rows)


def _points(rng: np.random.Generator, planted: bool, world: _World) -> tuple[Point, ...]:
    return (
        verdict_point(
            rng,
            "good enough is shown",
            "A loss larger than the margin is ...",
            *("excluded", "not excluded", "shown"),
            holds=not planted,
            says=("A loss beyond the margin is excluded.", "A loss beyond the margin is not excluded."),
            anchors=(
                ("margin", "loss", "worse", "non-inferior*", "as good", f"{world.margin:g} point*"),
                ("exclude*", "rule* out", "ruled out", "shown", "support*", "establish*", "demonstrat*", "prove*"),
            ),
        ),
        number_point(
            rng,
            "how far down",
            "How far down does the interval reach?",
            *(f"{world.low:.2f} points", f"{world.low / 2:.2f} points", f"{world.low * 2:.2f} points"),
            says=f"The interval reaches down to {world.low:.2f} points.",
            anchors=(("interval", "lower end", "lower bound", "down to", "as low as", "lose", "loss"),),
            said=Said(value=world.low, tolerance=0.06 * abs(world.low) + 0.02),
        ),
    )


def _read(shown: Shown) -> tuple[list[int], float]:
    """Return items of both right, only old, only small, both wrong, and the margin in points."""
    seen = table(shown, TABLE)
    cells = [int(values(seen, name).sum()) for name in seen.columns[1:]]
    return cells, float(shown.situation.split("loss of up to ")[1].split()[0])


def _solve(shown: Shown) -> Answers:
    (both, old, small, neither), margin = _read(shown)
    low, _ = ends(newcombe_paired(both, small, old, neither, method=8))
    needed = (old + small) / (both + old + small + neither) * (196 / margin) ** 2
    planted = 100 * low < -margin
    return answered(shown, VERDICTS.right(planted), steps=STEPS, low=100 * low, needed=needed)


def _by_p(shown: Shown) -> Answers:
    (both, old, small, neither), _ = _read(shown)
    n = both + old + small + neither
    return answered(shown, VERDICTS.others[0], low=100 * (small - old) / n, needed=n / 2)


KIND = Kind(
    family=Family.COMPARISON,
    name=NAME,
    title="No significant difference",
    fault="That a difference is not significant is read as proof that there is none.",
    build=_build,
    solve=_solve,
    mutants=(
        Mutant(
            mistake="not significant is equal",
            answers=_by_p,
            loses=("verdict", "low", "needed"),
            on_clean=("verdict", "low"),
        ),
        seen_everywhere("that a model is as good can never be shown", _solve, VERDICTS),
        hurried("a lower share is a worse model", VERDICTS.others[1], steps=STEPS),
    ),
)
