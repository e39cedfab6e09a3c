"""A share of right answers that a constant would reach: accuracy where hardly anything happens."""

import numpy as np

from heldout.core.evidence import Predictions
from heldout.practice.drill import Difficulty, Drill, Family, Feedback, Kind, Mutant, Shown
from heldout.practice.exhibit import Rows
from heldout.practice.point import Point, Probe, Said
from heldout.practice.question import Answers, Form, Key, Question, Wanted

__all__ = ["KIND"]

ROWS = 2000
COMMON = {Difficulty.EASY: 0.02, Difficulty.MIDDLE: 0.05, Difficulty.HARD: 0.08}
"""Share of positives in the planted world."""
TABLE = "confusion"
VERDICTS = (
    "The model does not beat a constant: accuracy hides that it finds hardly anything",
    "The accuracy is more than a constant reaches, and the model finds positives: it may be reported beside recall",
    "The model is overfitted: training rows would have to be seen",
    "The sample is too small to say anything",
)
FIRST = (
    "What does a missed positive cost, and what a false alarm?",
    "Which library computed the metric?",
    "How many layers has the model?",
    "Could the accuracy be raised by another point?",
)


def _build(seed: int, difficulty: Difficulty, planted: bool) -> Drill:
    rng = np.random.default_rng([seed, difficulty, planted])
    positives = round(ROWS * (COMMON[difficulty] if planted else 0.35) * rng.uniform(0.85, 1.15))
    found = round(positives * rng.uniform(0.04, 0.12) if planted else positives * rng.uniform(0.75, 0.85))
    alarms = round(found * rng.uniform(1.1, 1.6) if planted else (ROWS - positives) * rng.uniform(0.08, 0.12))
    missed, quiet = positives - found, ROWS - positives - alarms
    accuracy, constant = (found + quiet) / ROWS, max(positives, ROWS - positives) / ROWS
    recall = found / positives
    shown = Shown(
        situation=(
            f"A payments team reports an accuracy of {accuracy:.1%} for its new refund-abuse model, measured on "
            f"{ROWS:,} orders of the following week, and asks to ship it. This is its confusion table."
        ),
        exhibits=(
            Rows(
                name=TABLE,
                columns=("orders", "flagged", "not flagged"),
                rows=(("abuse", found, missed), ("no abuse", alarms, quiet)),
            ),
        ),
        questions=(
            Question(
                name="constant",
                ask="What accuracy has the best constant answer on these orders?",
                form=Form.NUMBER,
                worth=35,
                unit="share, 0 to 1",
            ),
            Question(name="verdict", ask="What do these numbers say?", form=Form.CHOICE, worth=45, options=VERDICTS),
            Question(name="first", ask="What would you ask first?", form=Form.CHOICE, worth=20, options=FIRST),
        ),
    )
    gain = (
        f"Of {positives:,} cases {found:,} are flagged (recall {recall:.1%}); always answering the commoner class is "
        f"right on {constant:.1%}, the model on {accuracy:.1%}."
    )
    return Drill(
        shown=shown,
        keys={
            "constant": Key(
                number=Wanted(value=constant, absolute=0.002),
                because=f"The commoner class has {constant * ROWS:,.0f} of {ROWS:,} orders: {constant:.3f}.",
            ),
            "verdict": Key(credit=(1.0, 0.0, 0.0, 0.0) if planted else (0.0, 1.0, 0.0, 0.0), because=gain),
            "first": Key(credit=(1.0, 0.0, 0.0, 0.0), because="The costs of both errors decide the metric."),
        },
        points=_points(planted, constant),
        feedback=Feedback(
            evidence=gain,
            price=f"{missed:,} of {positives:,} cases of abuse pass in a week of {ROWS:,} orders.",
            page="MET004",
        ),
        world={"predictions": _predictions(found, missed, alarms, quiet)},
    )


def _points(planted: bool, constant: float) -> tuple[Point, ...]:
    than = Point(
        name="beats the constant",
        says=("The model does not beat" if planted else "The model beats") + " always answering the commoner class.",
        anchors=(
            ("constant", "majority", "always", "commoner class", "trivial", "base rate"),
            ("beat*", "better", "above", "exceed*", "more than", "higher"),
        ),
        denied=planted,
        probe=Probe(
            ask="Against always answering the commoner class, the model's accuracy is ...",
            options=("higher", "not higher", "not comparable"),
            right=int(planted),
        ),
    )
    share = Point(
        name="share of the constant",
        says=f"Always answering the commoner class reaches {constant:.1%}.",
        anchors=(("constant", "majority", "always", "commoner class", "trivial", "base rate"),),
        number=Said(value=constant, tolerance=0.006),
        probe=Probe(
            ask="What accuracy does the commoner class alone reach?",
            options=(f"{constant - 0.12:.1%}", f"{constant:.1%}", f"{(1 - constant):.1%}"),
            right=1,
        ),
    )
    return than, share


def _predictions(found: int, missed: int, alarms: int, quiet: int) -> Predictions:
    label = np.repeat([1.0, 1.0, 0.0, 0.0], [found, missed, alarms, quiet])
    score = np.repeat([0.9, 0.1, 0.9, 0.1], [found, missed, alarms, quiet])
    return Predictions(metric="accuracy", label=label, score=score, cluster=None)


def _counts(shown: Shown) -> tuple[float, float]:
    """Return the accuracy of the model and of the commoner class."""
    table = shown.exhibit(TABLE)
    assert isinstance(table, Rows)
    (_, found, missed), (_, alarms, quiet) = ((str(a), float(b or 0), float(c or 0)) for a, b, c in table.rows)
    total = found + missed + alarms + quiet
    return (found + quiet) / total, max(found + missed, alarms + quiet) / total


def _solve(shown: Shown) -> Answers:
    accuracy, constant = _counts(shown)
    return {"constant": constant, "verdict": 0 if accuracy <= constant else 1, "first": 0}


KIND = Kind(
    family=Family.METRIC,
    name="accuracy-on-a-rare-class",
    title="A high accuracy",
    fault="Accuracy is reported of a rare class, where a constant answer reaches as much.",
    build=_build,
    solve=_solve,
    mutants=(
        Mutant(
            mistake="a high accuracy is a good model",
            answers=lambda _: {"constant": 0.5, "verdict": 1, "first": 3},
            loses=("constant", "verdict", "first"),
            on_clean=("constant", "first"),
        ),
        Mutant(
            mistake="accuracy is always misleading",
            answers=lambda shown: {**_solve(shown), "verdict": 0},
            on_clean=("verdict",),
        ),
    ),
    check="MET004",
)
