"""A share of right answers that a constant would reach: accuracy where hardly anything happens."""

import numpy as np

from heldout.core.evidence import Predictions
from heldout.practice.deck.asked import choice, drill, first, number
from heldout.practice.deck.choices import option
from heldout.practice.deck.companies import scene_of
from heldout.practice.deck.draws import own
from heldout.practice.deck.points import probe
from heldout.practice.drill import Difficulty, Drill, Family, Feedback, Kind, Mutant, Shown
from heldout.practice.exhibit import Rows
from heldout.practice.point import Point, Said
from heldout.practice.question import Answers

__all__ = ["KIND"]

ROWS = 5000
COMMON = {Difficulty.EASY: 0.02, Difficulty.MIDDLE: 0.05, Difficulty.HARD: 0.08}
"""Share of positives in the planted world."""
TABLE = "confusion"
HIDES = "The model does not beat a constant: accuracy hides that it finds hardly anything"
BEATS = "The accuracy is more than a constant reaches, and the model finds positives: report it beside recall"
OTHERS = (
    "The model is overfitted: training rows would have to be seen",
    "The sample is too small to say anything about the model, so more rows are needed",
)
COSTS = "What does a missed positive cost, and what a false alarm?"
IDLE = (
    "Which library computed the metric?",
    "How many layers has the model?",
    "Could the accuracy be raised by another point with more features?",
)
PRODUCTS = (
    ("payments", "refund-abuse model", "orders", "abuse"),
    ("network", "line-fault model", "connections", "fault"),
    ("claims", "staged-accident model", "claims", "staged"),
    ("hiring", "no-show model", "interviews", "no show"),
)


def _build(seed: int, difficulty: Difficulty, planted: bool) -> Drill:
    scene = scene_of("accuracy-on-a-rare-class", seed, difficulty, PRODUCTS)
    rng = own(seed, difficulty, planted)
    positives = round(ROWS * (COMMON[difficulty] if planted else 0.35) * rng.uniform(0.85, 1.15))
    found = round(positives * rng.uniform(0.04, 0.12) if planted else positives * rng.uniform(0.75, 0.85))
    alarms = round(found * rng.uniform(1.1, 1.6) if planted else (ROWS - positives) * rng.uniform(0.08, 0.12))
    missed, quiet = positives - found, ROWS - positives - alarms
    accuracy, constant = (found + quiet) / ROWS, max(positives, ROWS - positives) / ROWS
    recall = found / positives
    team, model, rows, case = scene.product
    gain = (
        f"Of {positives:,} cases {found:,} are flagged (recall {recall:.1%}); always answering the commoner class is "
        f"right on {constant:.1%}, the model on {accuracy:.1%}."
    )
    verdicts = {HIDES: planted, BEATS: not planted} | dict.fromkeys(OTHERS, False)
    return drill(
        situation=(
            f"The {team} team of {scene.company} reports an accuracy of {accuracy:.1%} for its new {model}, "
            f"measured on {ROWS:,} {rows} of the following week, and asks to ship it. This is its confusion table."
        ),
        exhibits=(
            Rows(
                name=TABLE,
                columns=(rows, "flagged", "not flagged"),
                rows=((case, found, missed), (f"not {case}", alarms, quiet)),
            ),
        ),
        asked=(
            number(
                "constant",
                f"What accuracy does the best constant answer have on these {rows}?",
                35,
                "share, 0 to 1",
                value=constant,
                absolute=0.002,
                because=f"The commoner class has {constant * ROWS:,.0f} of {ROWS:,} {rows}: {constant:.3f}.",
            ),
            choice(scene.rng, "verdict", "What do these numbers say?", 45, verdicts, because=gain),
            first(scene.rng, 20, (COSTS, *IDLE), "The costs of both errors decide the metric."),
        ),
        points=_points(scene.rng, planted, constant),
        feedback=Feedback(
            evidence=gain,
            price=f"{missed:,} of {positives:,} cases pass unseen in a week of {ROWS:,} {rows}.",
            page="MET004",
        ),
        world={"predictions": _predictions(found, missed, alarms, quiet)},
    )


def _points(rng: np.random.Generator, planted: bool, constant: float) -> tuple[Point, ...]:
    than = Point(
        name="beats the constant",
        says=("The model does not beat" if planted else "The model beats") + " always answering the commoner class.",
        anchors=(
            ("constant", "majority", "always", "commoner class", "trivial", "base rate"),
            ("beat*", "better", "above", "exceed*", "more than", "higher"),
        ),
        denied=planted,
        probe=probe(
            rng,
            "Against always answering the commoner class, the model's accuracy is ...",
            *(("not higher", "higher") if planted else ("higher", "not higher")),
            "not comparable",
        ),
    )
    share = Point(
        name="share of the constant",
        says=f"Always answering the commoner class reaches {constant:.1%}.",
        anchors=(
            ("constant", "majority", "always", "commoner class", "trivial", "base rate"),
            ("reach*", "right", "accura*", "correct", "get*", "gives", "scores"),
        ),
        number=Said(value=constant, tolerance=0.006),
        probe=probe(
            rng,
            "What accuracy does the commoner class alone reach?",
            f"{constant:.1%}",
            f"{constant - 0.12:.1%}",
            f"{(1 - constant):.1%}",
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
    verdict = option(shown, "verdict", HIDES if accuracy <= constant else BEATS)
    return {"constant": constant, "verdict": verdict, "first": option(shown, "first", COSTS)}


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
            answers=lambda shown: {
                "constant": 0.5,
                "verdict": option(shown, "verdict", BEATS),
                "first": option(shown, "first", IDLE[2]),
            },
            loses=("constant", "verdict", "first"),
            on_clean=("constant", "first"),
        ),
        Mutant(
            mistake="accuracy is always misleading",
            answers=lambda shown: {**_solve(shown), "verdict": option(shown, "verdict", HIDES)},
            on_clean=("verdict",),
        ),
    ),
    check="MET004",
)
