"""A low kappa read as bad raters, where one class is so common that hardly any agreement is left to earn."""

import numpy as np
from numpy.typing import NDArray

from heldout.practice.deck.asked import Verdicts, drill, first, number, order
from heldout.practice.deck.companies import assistant_team, names
from heldout.practice.deck.draws import drawn, shared
from heldout.practice.deck.mistakes import answered, hurried, seen_everywhere
from heldout.practice.deck.points import number_point, verdict_point
from heldout.practice.deck.reading import labels, table, values
from heldout.practice.drill import Difficulty, Drill, Family, Feedback, Kind, Mutant, Shown
from heldout.practice.exhibit import Rows
from heldout.practice.point import Point, Said
from heldout.practice.question import Answers
from heldout.stats import cohen_kappa_from_table, gwet_ac1_from_table

__all__ = ["KIND"]

NAME = "kappa-paradox-at-high-prevalence"
BATCHES = {Difficulty.EASY: 1, Difficulty.MIDDLE: 3, Difficulty.HARD: 8}
HARMFUL = {Difficulty.EASY: 0.02, Difficulty.MIDDLE: 0.03, Difficulty.HARD: 0.045}
"""Share of harmful items in the planted world; in the clean twin it is near a half."""
TABLE = "both ratings of each item"
VERDICTS = Verdicts(
    fault="Kappa is low because nearly all items are of one class: it is no evidence against these raters",
    clean="Kappa is low because the raters often differ while both classes are common: they do not see the same",
    others=(
        "A kappa below 0.5 always shows that raters have to be trained again, whatever the table looks like",
        "Kappa is the share of right ratings, so that with a kappa like this one most of the labels are wrong",
    ),
)
FIRST = (
    "How many items of each class were rated twice?",
    "Which coefficient of agreement is customary in reports of this kind?",
    "Is kappa significantly above 0, so that some agreement is shown?",
    "How much training had the two raters before they began to mark?",
)
STEPS = (
    "Report raw agreement, and agreement on each class, beside kappa",
    "Draw more items of the rare class, by a score that the raters do not see",
    "Have these rated twice, mixed with common ones",
    "Judge agreement on the rare class from them, then decide on training",
)


def _draw(rng: np.random.Generator, difficulty: Difficulty, planted: bool) -> NDArray[np.int64]:
    """Return counts (2, 2), the first rater's class in rows, harmful first."""
    n = int(rng.integers(40, 90)) * 20
    if planted:
        both = round(n * HARMFUL[difficulty] * rng.uniform(0.35, 0.5))
        one, other = (round(both * rng.uniform(0.9, 1.4)) for _ in range(2))
    else:
        one, other = (round(n * rng.uniform(0.14, 0.18)) for _ in range(2))
        both = round(n * rng.uniform(0.3, 0.38))
    return np.array([[both, one], [other, n - both - one - other]])


def _decides(table: NDArray[np.int64], planted: bool) -> bool:
    kappa, ac1 = cohen_kappa_from_table(table), gwet_ac1_from_table(table).estimate.value
    value, observed = kappa.estimate.value, kappa.observed
    if value is None or ac1 is None or observed is None or not 0.25 < value < 0.5 or table.min() < 3:
        return False
    return observed > 0.93 and ac1 > 0.9 if planted else observed < 0.75 and ac1 < 0.5


def _build(seed: int, difficulty: Difficulty, planted: bool) -> Drill:
    rng = shared(NAME, seed, difficulty)
    team, (one, other) = assistant_team(rng), names(rng, 2, "people")
    table = drawn(seed, difficulty, planted, _draw, _decides)
    n, observed = int(table.sum()), float(np.trace(table) / table.sum())
    harmful = float((table.sum(axis=0) + table.sum(axis=1))[0] / (2 * n))
    expected = float(table.sum(axis=0) @ table.sum(axis=1) / n**2)
    kappa = (observed - expected) / (1 - expected)
    by_ac1 = 2 * harmful * (1 - harmful)
    ac1 = (observed - by_ac1) / (1 - by_ac1)
    said = (
        f"{harmful:.1%} of the ratings are harmful; {observed:.1%} of items are rated equally, chance by kappa gives "
        f"{expected:.1%}. Kappa is {kappa:.2f}, AC1 {ac1:.2f}."
    )
    return drill(
        situation=(
            f"{one} and {other} marked {n:,} {team.items} of {team.company}'s {team.product} as harmful or fine. The "
            f"report says: kappa is only {kappa:.2f}, so both have to be trained again and all labels thrown away."
        ),
        exhibits=(_rows(np.random.default_rng([seed, difficulty, planted]), rng, table, difficulty, (one, other)),),
        asked=(
            VERDICTS.asked(rng, "Does the report's conclusion follow?", 35, planted, said),
            number(
                "ac1",
                "Gwet's AC1 of the two raters (chance is 2π(1 - π), π the mean share of harmful ratings)?",
                20,
                "-1 to 1",
                value=ac1,
                absolute=0.01,
                because=f"π = {harmful:.3f}, chance {by_ac1:.3f}, AC1 {ac1:.2f}.",
            ),
            number(
                "harmful",
                "Of the items that at least one rater called harmful: on what share did both?",
                15,
                "share, 0 to 1",
                value=float(table[0, 0] / (n - table[1, 1])),
                absolute=0.01,
                because=f"{table[0, 0]} of {n - table[1, 1]} items bear on the harmful class.",
            ),
            order(
                rng,
                "steps",
                "How is agreement on a rare class to be learnt? Put the steps in order.",
                20,
                STEPS,
                "What is there is told first; only more rare items tell more of them; training follows the finding.",
            ),
            first(rng, 10, FIRST, "Kappa cannot be read without the shares of the classes."),
        ),
        points=_points(rng, planted, observed, harmful),
        feedback=Feedback(
            evidence=said,
            price=(
                f"{n:,} labels, {observed:.0%} of them agreed upon, and two trained raters would be thrown away."
                if planted
                else f"{1 - observed:.0%} of the labels are a matter of who rated."
            ),
        ),
    )


def _rows(
    own: np.random.Generator,
    rng: np.random.Generator,
    table: NDArray[np.int64],
    difficulty: Difficulty,
    raters: tuple[str, str],
) -> Rows:
    batches, labels = BATCHES[difficulty], ("harmful", "fine")
    rows = [
        (batch + 1, a, b, int(items))
        for i, a in enumerate(labels)
        for j, b in enumerate(labels)
        for batch, items in enumerate(own.multinomial(int(table[i, j]), np.full(batches, 1 / batches)))
    ]
    mixed = tuple(rows[place] for place in rng.permutation(len(rows)))
    return Rows(name=TABLE, columns=("batch", *raters, "items"), rows=mixed)


def _points(rng: np.random.Generator, planted: bool, observed: float, harmful: float) -> tuple[Point, ...]:
    return (
        verdict_point(
            rng,
            "raters are at fault",
            "The low kappa here ... that the raters see different things.",
            *("shows", "does not show", "proves by its size alone"),
            holds=not planted,
            says=("The low kappa shows that the raters differ.", "The low kappa does not show that the raters differ."),
            anchors=(
                ("kappa", "coefficient"),
                ("raters differ", "disagree*", "bad raters", "training", "raters", "shows"),
            ),
        ),
        number_point(
            rng,
            "share of the class",
            "What share of the ratings is harmful?",
            *(f"{harmful:.1%}", f"{harmful / 4 + 0.3:.1%}", f"{1 - harmful / 2:.1%}"),
            says=f"{harmful:.1%} of the ratings are harmful.",
            anchors=(("rare", "harmful", "prevalence", "common", "share*", "class*", "balanced"),),
            said=Said(value=harmful, tolerance=0.012),
        ),
        number_point(
            rng,
            "raw agreement",
            "What share of items is rated equally?",
            *(f"{observed:.1%}", f"{observed - 0.2:.1%}", f"{1 - observed:.1%}"),
            says=f"{observed:.1%} of the items are rated equally.",
            anchors=(("equal*", "same", "agree*", "raw"),),
            said=Said(value=observed, tolerance=0.01),
        ),
    )


def _read(shown: Shown) -> NDArray[np.int64]:
    rows = table(shown, TABLE)
    a, b, items = labels(rows, rows.columns[1]), labels(rows, rows.columns[2]), values(rows, "items")
    marks = ("harmful", "fine")
    return np.array([[int(items[(a == i) & (b == j)].sum()) for j in marks] for i in marks])


def _solve(shown: Shown) -> Answers:
    table = _read(shown)
    ac1, kappa = (found(table).estimate.value or 0.0 for found in (gwet_ac1_from_table, cohen_kappa_from_table))
    both = float(table[0, 0] / (table.sum() - table[1, 1]))
    verdict = VERDICTS.right(ac1 - kappa > 0.3)
    return answered(shown, verdict, steps=STEPS, first=FIRST[0], ac1=ac1, harmful=both)


def _by_kappa(shown: Shown) -> Answers:
    table = _read(shown)
    kappa = cohen_kappa_from_table(table).estimate.value or 0.0
    raw = float(np.trace(table) / table.sum())
    return answered(shown, VERDICTS.others[0], first=FIRST[2], ac1=kappa - 0.05, harmful=raw)


KIND = Kind(
    family=Family.HUMAN,
    name=NAME,
    title="A low kappa",
    fault="A low kappa is held against the raters where nearly all items are of one class.",
    build=_build,
    solve=_solve,
    mutants=(
        Mutant(
            mistake="kappa is agreement, whatever the classes' shares",
            answers=_by_kappa,
            loses=("verdict", "ac1", "harmful", "first"),
            on_clean=("verdict", "ac1", "harmful", "first"),
        ),
        seen_everywhere("a low kappa is always a paradox", _solve, VERDICTS),
        hurried("kappa is the share of right labels", VERDICTS.others[1], steps=STEPS, first=FIRST[1]),
    ),
)
