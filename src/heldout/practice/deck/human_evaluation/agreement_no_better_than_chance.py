"""A high share of equal ratings that chance gives too, as nearly all ratings are of one class."""

import numpy as np
from numpy.typing import NDArray

from heldout.practice.deck.asked import Verdicts, drill, number, order, pick
from heldout.practice.deck.companies import assistant_team, names
from heldout.practice.deck.draws import drawn, shared
from heldout.practice.deck.mistakes import answered, hurried, seen_everywhere
from heldout.practice.deck.points import number_point, verdict_point
from heldout.practice.deck.reading import labels, places, table, values
from heldout.practice.drill import Difficulty, Drill, Family, Feedback, Kind, Mutant, Shown
from heldout.practice.exhibit import Rows
from heldout.practice.point import Point, Said
from heldout.practice.question import Answers
from heldout.stats import cohen_kappa_from_table

__all__ = ["KIND"]

NAME = "agreement-no-better-than-chance"
CLASSES = ("good", "wrong fact", "off topic", "rude", "unfinished")
COUNT = {Difficulty.EASY: 2, Difficulty.MIDDLE: 3, Difficulty.HARD: 5}
SKILL = {Difficulty.EASY: 0.0, Difficulty.MIDDLE: 0.06, Difficulty.HARD: 0.1}
"""Share of items on which the second rater follows the first in the planted world; else the own habit rules."""
POOR = 0.4
TABLE, CLASS_TABLE = "both ratings of each item", "classes"
VERDICTS = Verdicts(
    fault="Chance gives nearly as many equal ratings: the raters hardly agree on anything but the common class",
    clean="Chance gives far fewer equal ratings: the raters agree on each class, and the labels can be used",
    others=(
        "The share of equal ratings is high, and this alone shows that the labels can be used",
        "Agreement cannot be judged before a third rater has rated all the items as well",
    ),
)
STEPS = (
    "Stop using the labels, and say which results rest on them",
    "Look with the raters at items on which they differ",
    "Rewrite the guideline for the classes that these items show",
    "Rate a fresh sample twice, with more items of the rare classes",
    "Label anew only when agreement beyond chance is high enough on each class",
)


def _draw(rng: np.random.Generator, difficulty: Difficulty, planted: bool) -> NDArray[np.int64]:
    """Return the counts of the first rater's class by the second's, (classes, classes)."""
    q, n = COUNT[difficulty], int(rng.integers(30, 60)) * 10
    if planted:
        common = rng.uniform(0.88, 0.93)
        share = np.array([common, *np.full(q - 1, (1 - common) / (q - 1))])
        skill = SKILL[difficulty]
    else:
        share = rng.dirichlet(np.full(q, 60.0))
        skill = rng.uniform(0.68, 0.76)
    joint = (1 - skill) * np.outer(share, share) + skill * np.diag(share)
    return rng.multinomial(n, joint.ravel() / joint.sum()).reshape(q, q)


def _decides(table: NDArray[np.int64], planted: bool) -> bool:
    if np.any(table.sum(axis=0) == 0) or np.any(table.sum(axis=1) == 0):
        return False
    kappa = cohen_kappa_from_table(table)
    value, observed, specific = kappa.estimate.value, kappa.observed, _specific(table)
    if value is None or observed is None or np.any(np.abs(specific - POOR) < 0.03):
        return False
    if planted:
        return -0.05 < value < 0.25 and observed > 0.74 and int((specific < POOR).sum()) == len(table) - 1
    return value > 0.6 and bool(np.all(specific > 0.6)) and observed > 0.7


def _specific(table: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the agreement on each class: twice the equal ratings over all ratings of the class."""
    return np.asarray(2 * np.diag(table) / (table.sum(axis=0) + table.sum(axis=1)))


def _build(seed: int, difficulty: Difficulty, planted: bool) -> Drill:
    rng = shared(NAME, seed, difficulty)
    team, (first, second) = assistant_team(rng), names(rng, 2, "people")
    classes = CLASSES[: COUNT[difficulty]]
    table = drawn(seed, difficulty, planted, _draw, _decides)
    n, observed = int(table.sum()), float(np.trace(table) / table.sum())
    expected = float(table.sum(axis=0) @ table.sum(axis=1) / table.sum() ** 2)
    kappa, specific = (observed - expected) / (1 - expected), _specific(table)
    named = ", ".join(f"{name} {one:.0%}" for name, one in zip(classes, specific, strict=True))
    said = (
        f"{observed:.1%} of {n} items are rated equally, and chance gives {expected:.1%}: kappa {kappa:.2f}. Agreement "
        f"by class: {named}."
    )
    cells = [(a, b, int(table[i, j])) for i, a in enumerate(classes) for j, b in enumerate(classes)]
    return drill(
        situation=(
            f"{first} and {second} each sorted the same {n} {team.items} of {team.company}'s {team.product}. The "
            f"report says: they gave the same class to {observed:.1%}, so the labels can train a filter for bad "
            f"{team.items}."
        ),
        exhibits=(
            Rows(
                name=TABLE,
                columns=(first, second, "items"),
                rows=tuple(cells[place] for place in rng.permutation(len(cells))),
            ),
            Rows(name=CLASS_TABLE, columns=("class",), rows=tuple((one,) for one in classes)),
        ),
        asked=(
            VERDICTS.asked(rng, "Can the labels be used for the filter?", 30, planted, said),
            number(
                "kappa",
                "Cohen's kappa of the two raters?",
                30,
                "-1 to 1",
                value=kappa,
                absolute=0.02,
                because=f"({observed:.3f} - {expected:.3f}) / (1 - {expected:.3f}) = {kappa:.2f}.",
            ),
            pick(
                "classes",
                f"Pick the classes whose own agreement (2 × both / all ratings of the class) is below {POOR:.0%}.",
                20,
                CLASS_TABLE,
                places=places(specific < POOR),
                because=named + ".",
            ),
            order(
                rng,
                "steps",
                "Suppose the labels cannot be used. Put the recovery in order.",
                20,
                STEPS,
                "Harm first; items show the cause; the guideline is tried on few items before many are paid for.",
            ),
        ),
        points=_points(rng, planted, kappa, expected),
        feedback=Feedback(
            evidence=said,
            price=(
                f"The filter learns classes on which the raters agree in {specific[1:].mean():.0%} of cases."
                if planted
                else "The filter learns what both raters see."
            ),
        ),
    )


def _points(rng: np.random.Generator, planted: bool, kappa: float, expected: float) -> tuple[Point, ...]:
    chance = ("chance", "kappa", "expected", "by luck", "common class", "prevalence")
    return (
        verdict_point(
            rng,
            "agreement beyond chance",
            "Against chance the raters' agreement is ...",
            *("far higher", "hardly higher", "not comparable"),
            holds=not planted,
            says=("The raters agree far beyond chance.", "The raters do not agree much beyond chance."),
            anchors=(chance, ("beyond", "better than", "above", "agree*", "more than")),
        ),
        number_point(
            rng,
            "agreement by chance",
            "How many equal ratings does chance give?",
            *(f"{expected:.0%}", f"{expected / 2:.0%}", f"{expected / 4:.0%}"),
            says=f"By chance alone {expected:.1%} of the ratings are equal.",
            anchors=(chance,),
            said=Said(value=expected, tolerance=0.02),
        ),
        number_point(
            rng,
            "kappa",
            "What is kappa here?",
            *(f"{kappa:.2f}", f"{kappa + 0.35 if planted else kappa - 0.35:.2f}", f"{expected + 0.05:.2f}"),
            says=f"Kappa is {kappa:.2f}.",
            anchors=(("kappa", "chance-corrected", "corrected for chance", "beyond chance"),),
            said=Said(value=kappa, tolerance=0.03),
        ),
    )


def _read(shown: Shown) -> NDArray[np.int64]:
    seen = table(shown, TABLE)
    a, b, items = labels(seen, seen.columns[0]), labels(seen, seen.columns[1]), values(seen, "items")
    classes = table(shown, CLASS_TABLE).column("class")
    return np.array([[int(items[(a == i) & (b == j)].sum()) for j in classes] for i in classes])


def _solve(shown: Shown) -> Answers:
    table = _read(shown)
    kappa, specific = cohen_kappa_from_table(table).estimate.value, _specific(table)
    assert kappa is not None
    verdict = VERDICTS.right(kappa < 0.4)
    return answered(shown, verdict, steps=STEPS, kappa=kappa, classes=places(specific < POOR))


def _raw(shown: Shown) -> Answers:
    table = _read(shown)
    equal = float(np.trace(table) / table.sum())
    rarest = int(np.argmin(table.sum(axis=0) + table.sum(axis=1))) + 1
    poor = places(_specific(table) >= POOR)
    return answered(shown, VERDICTS.others[0], steps=(), kappa=equal, classes=poor or (rarest,))


KIND = Kind(
    family=Family.HUMAN,
    name=NAME,
    title="Nearly always the same",
    fault="A high share of equal ratings is reported that chance gives as well.",
    build=_build,
    solve=_solve,
    mutants=(
        Mutant(
            mistake="the share of equal ratings is the agreement",
            answers=_raw,
            loses=("verdict", "kappa", "classes"),
            on_clean=("verdict", "kappa", "classes"),
        ),
        seen_everywhere("two raters never agree beyond chance", _solve, VERDICTS),
        hurried("a third rater settles it", VERDICTS.others[1], steps=STEPS),
    ),
)
