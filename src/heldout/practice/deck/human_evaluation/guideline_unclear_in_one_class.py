"""Raters who differ on one pair of classes, because the guideline lets both mean the same."""

import numpy as np
from numpy.typing import NDArray

from heldout.practice.deck.asked import Verdicts, drill, number, order, pick
from heldout.practice.deck.companies import assistant_team, names
from heldout.practice.deck.draws import drawn, shared
from heldout.practice.deck.mistakes import answered, hurried, seen_everywhere
from heldout.practice.deck.points import number_point, verdict_point
from heldout.practice.deck.reading import labels, lines, table, values
from heldout.practice.drill import Difficulty, Drill, Family, Feedback, Kind, Mutant, Shown
from heldout.practice.exhibit import Lines, Rows
from heldout.practice.point import Point, Said
from heldout.practice.question import Answers

__all__ = ["KIND"]

NAME = "guideline-unclear-in-one-class"
MEANINGS = {
    "complete": "answers all that was asked",
    "partial": "answers a part of what was asked",
    "incorrect": "states something that is false",
    "irrelevant": "is about something that was not asked",
    "refusal": "declines to answer",
    "unsafe": "would harm who follows it",
}
COUNT = {Difficulty.EASY: 4, Difficulty.MIDDLE: 5, Difficulty.HARD: 6}
CONFUSED = {Difficulty.EASY: 0.48, Difficulty.MIDDLE: 0.44, Difficulty.HARD: 0.40}
"""Share of the items of two classes that are given the other one in the planted world."""
HALF = 0.5
TABLE, GUIDELINE = "both ratings of each item", "guideline"
VERDICTS = Verdicts(
    fault="Nearly all differences are between two classes: their lines of the guideline have to be told apart",
    clean="The differences are spread over all classes: no two lines of the guideline explain them",
    others=(
        "The raters differ on so many items that both have to be replaced before anything else is looked at",
        "The share of differing items is so low that no look at the single classes is needed in the first place",
    ),
)
STEPS = (
    "Count the differences by pair of classes",
    "Read with both raters some items of the pair that is confused most",
    "Write the rule that decides between the two, with examples",
    "Have a fresh sample of these two classes rated twice by the new rule",
    "Rate anew the old items of these two classes, and no others",
)


def _draw(rng: np.random.Generator, difficulty: Difficulty, planted: bool) -> NDArray[np.int64]:
    """Return the counts of the first rater's class by the second's, (classes, classes)."""
    q, n = COUNT[difficulty], int(rng.integers(40, 70)) * 10
    share = rng.dirichlet(np.full(q, 40.0))
    joint = np.diag(share)
    if planted:
        a = int(rng.integers(q - 1))
        b = a + 1  # neighbours in meaning
        moved = CONFUSED[difficulty] * min(share[a], share[b])
        joint[a, b] = joint[b, a] = moved
        joint[a, a] -= moved
        joint[b, b] -= moved
        spread = 0.05
    else:
        spread = rng.uniform(0.24, 0.28)
    joint = (1 - spread) * joint + spread * np.outer(share, share)
    return rng.multinomial(n, joint.ravel() / joint.sum()).reshape(q, q)


def _pairs(table: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return each pair's part of all differences, in the upper triangle of (classes, classes)."""
    both = np.triu(table + table.T, 1)
    return np.asarray(both / max(both.sum(), 1))


def _decides(table: NDArray[np.int64], planted: bool) -> bool:
    top = np.sort(_pairs(table).ravel())[::-1][:2]
    if abs(1 - np.trace(table) / table.sum() - top[0]) < 0.02:
        return False  # the part would be mistaken for the share of differing items without harm
    return bool(top[0] > 0.6) if planted else bool(top[0] < 0.4 and top[0] > top[1] + 0.001)


def _build(seed: int, difficulty: Difficulty, planted: bool) -> Drill:
    rng = shared(NAME, seed, difficulty)
    team, raters = assistant_team(rng), names(rng, 2, "people")
    table = drawn(seed, difficulty, planted, _draw, _decides)
    classes = list(MEANINGS)[: COUNT[difficulty]]
    parts, n = _pairs(table), int(table.sum())
    one, other = (int(place) for place in np.unravel_index(int(np.argmax(parts)), parts.shape))
    differing = n - int(np.trace(table))
    listed = [classes[place] for place in rng.permutation(len(classes))]
    text = "\n".join(f"{name}: the text {MEANINGS[name]}" for name in listed) + "\n"
    said = (
        f"Of {differing} items on which the raters differ {parts.max():.0%} are between {classes[one]} and "
        f"{classes[other]}; the other pairs have {1 - parts.max():.0%} together."
    )
    cells = [(a, b, int(table[i, j])) for i, a in enumerate(classes) for j, b in enumerate(classes)]
    return drill(
        situation=(
            f"{raters[0]} and {raters[1]} sorted the same {n} {team.items} of {team.company}'s {team.product} by a "
            f"short guideline. They differ on {differing / n:.1%} of them. The report asks for two other raters."
        ),
        exhibits=(
            Rows(
                name=TABLE,
                columns=(*raters, "items"),
                rows=tuple(cells[place] for place in rng.permutation(len(cells))),
            ),
            Lines(name=GUIDELINE, text=text),
        ),
        asked=(
            VERDICTS.asked(rng, "Where do the differences come from?", 30, planted, said),
            pick(
                "lines",
                "Pick the lines of the guideline that have to be told apart: the two classes, if any, with more than "
                "half of all differences between them.",
                25,
                GUIDELINE,
                places=[listed.index(classes[place]) + 1 for place in (one, other)] if parts.max() > HALF else (),
                because=f"{classes[one]} and {classes[other]} have {parts.max():.0%} of all differences.",
            ),
            number(
                "part",
                "What part of all differing items lies in the one pair of classes that is confused most?",
                25,
                "percent",
                value=100 * float(parts.max()),
                absolute=1.0,
                because=f"{round(parts.max() * differing)} of {differing}.",
            ),
            order(
                rng,
                "steps",
                "Suppose two classes are confused. Put the recovery in order.",
                20,
                STEPS,
                "Counts tell which items to read, the items which rule is missing; it is tried before much is redone.",
            ),
        ),
        points=_points(rng, planted, float(parts.max())),
        feedback=Feedback(
            evidence=said,
            price=(
                f"Two raters are replaced, and the next two differ on {classes[one]} and {classes[other]} again."
                if planted
                else f"A new rule for two classes would mend at most {parts.max():.0%} of the differences."
            ),
        ),
    )


def _points(rng: np.random.Generator, planted: bool, part: float) -> tuple[Point, ...]:
    return (
        verdict_point(
            rng,
            "one pair of classes",
            "Most differences are ...",
            *("between two classes", "not between two classes", "from one rater's slips"),
            holds=planted,
            says=(
                "The differences are mostly between two classes.",
                "The differences are not mostly between two classes.",
            ),
            anchors=(
                ("differ*", "disagree*", "confus*", "mix*"),
                ("two classes", "one pair", "same pair", "guideline", "two lines", "concentrat*"),
            ),
        ),
        number_point(
            rng,
            "part of the largest pair",
            "What part of the differences has the largest pair?",
            *(f"{part:.0%}", f"{1 - part:.0%}" if abs(part - 0.5) > 0.03 else "90%", f"{part / 3:.0%}"),
            says=f"The pair that is confused most has {part:.0%} of the differences.",
            anchors=(("pair", "confus*", "differ*", "disagree*", "between"),),
            said=Said(value=part, tolerance=0.02),
        ),
    )


def _read(shown: Shown) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the pairs' parts of all differences, and the counts, in the order of the guideline's lines."""
    rows = table(shown, TABLE)
    a, b, items = labels(rows, rows.columns[0]), labels(rows, rows.columns[1]), values(rows, "items")
    classes = [line.split(":")[0] for line in lines(shown, GUIDELINE)]
    seen = np.array([[int(items[(a == i) & (b == j)].sum()) for j in classes] for i in classes])
    return _pairs(seen), seen


def _solve(shown: Shown) -> Answers:
    parts, _ = _read(shown)
    largest = float(parts.max())
    one, other = np.unravel_index(int(np.argmax(parts)), parts.shape)
    lines = (int(one) + 1, int(other) + 1) if largest > HALF else ()
    return answered(shown, VERDICTS.right(bool(lines)), steps=STEPS, lines=lines, part=100 * largest)


def _by_total(shown: Shown) -> Answers:
    _, table = _read(shown)
    share = 100 * float(1 - np.trace(table) / table.sum())
    largest = int(np.argmax(table.sum(axis=0) + table.sum(axis=1))) + 1
    return answered(shown, VERDICTS.others[0], steps=STEPS[::-1], lines=(largest,), part=share)


KIND = Kind(
    family=Family.HUMAN,
    name=NAME,
    title="Two raters, several classes",
    fault="Two classes of the guideline mean nearly the same, and the raters are blamed.",
    build=_build,
    solve=_solve,
    mutants=(
        Mutant(
            mistake="who differs often is a bad rater",
            answers=_by_total,
            loses=("verdict", "lines", "part", "steps"),
            on_clean=("verdict", "lines", "part", "steps"),
        ),
        seen_everywhere("differences always come from two unclear classes", _solve, VERDICTS),
        hurried("few differences need no look", VERDICTS.others[1], steps=STEPS),
    ),
)
