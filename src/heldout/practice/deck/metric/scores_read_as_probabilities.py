"""Scores that order the rows well and promise too much, or too little, where a cost is set against them."""

from dataclasses import dataclass

import numpy as np

from heldout.core.evidence import DecisionContext, Predictions
from heldout.practice.deck.asked import choice, drill, first, number, order, pick
from heldout.practice.deck.choices import option, ranked
from heldout.practice.deck.companies import scene_of
from heldout.practice.deck.draws import own
from heldout.practice.deck.points import probe
from heldout.practice.deck.reading import lines, numbers, table
from heldout.practice.drill import Difficulty, Drill, Family, Feedback, Kind, Mutant, Shown
from heldout.practice.exhibit import Lines, Rows
from heldout.practice.point import Point, Said
from heldout.practice.question import Answers

__all__ = ["KIND"]

TABLE, COSTS = "tenths of the scored rows", "costs"
ROWS, BINS, SAVED = 6000, 10, 1000
SHIFT = {Difficulty.EASY: 1.6, Difficulty.MIDDLE: 1.0, Difficulty.HARD: 0.65}
"""Log odds by which the scores are off."""
SLACK = 0.15
"""Share by which promised and real cases may differ."""
OFF = "The scores order the rows, but are no probabilities: calibrate them before a cost is set against them"
TRUE = "Scores and shares agree: the cost may be set against the scores"
OTHERS = (
    "The order of the scores is wrong: the model ranks badly, and no calibration could mend what it was trained to do",
    "The tenths are too small for any statement",
)
USE = "Is the score read as a probability, or only used to order the rows?"
IDLE = ("How many trees has the model, and how deep is each of them allowed to grow?", "Could the AUC be higher?")
STEPS = (
    "Keep rows that neither trained the model nor will be reported",
    "Fit a calibration map on them",
    "Look at the reliability curve on rows that the map has not seen",
    "Set the costs against the calibrated scores",
)
PRODUCTS = (
    ("a call that keeps a customer", "customers", "leaves"),
    ("an inspection of a lift", "lifts", "breaks down"),
    ("a reminder by a nurse", "appointments", "is missed"),
    ("a second look at a parcel", "parcels", "is damaged"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenths:
    """Rows, mean score and cases per tenth, and what acting on a row costs of the `SAVED` that a case saves."""

    rows: tuple[int, ...]
    scores: tuple[float, ...]
    cases: tuple[int, ...]
    cost: int

    @property
    def factor(self) -> float:
        """Cases that the scores promise, over those that happened."""
        return sum(n * score for n, score in zip(self.rows, self.scores, strict=True)) / sum(self.cases)

    @property
    def pays(self) -> tuple[int, ...]:
        """The tenths, from 1, in which acting saves more than it costs."""
        return tuple(
            i for i, (n, hit) in enumerate(zip(self.rows, self.cases, strict=True), 1) if hit * SAVED > n * self.cost
        )

    @property
    def seems(self) -> tuple[int, ...]:
        """The same by the scores."""
        return tuple(i for i, score in enumerate(self.scores, 1) if score * SAVED > self.cost)

    @property
    def is_off(self) -> bool:
        """Whether promised and real cases differ by more than the slack."""
        return abs(self.factor - 1) > SLACK


def _scored(rng: np.random.Generator, shift: float) -> Predictions:
    """Return calibrated scores of rows whose log odds are moved by `shift`."""
    odds = rng.normal(-1.2, 1.3, ROWS)
    label = (rng.random(ROWS) < 1 / (1 + np.exp(-odds))).astype(np.float64)
    return Predictions(metric="log_loss", label=label, score=1 / (1 + np.exp(-odds - shift)), cluster=None)


def _tenths(scored: Predictions) -> Tenths:
    order = np.array_split(np.argsort(-scored.score, kind="stable"), BINS)
    scores = tuple(round(float(scored.score[rows].mean()), 3) for rows in order)
    cases = tuple(int(scored.label[rows].sum()) for rows in order)
    sizes = tuple(len(rows) for rows in order)
    shares = [hit / n for hit, n in zip(cases, sizes, strict=True)]
    gaps = [abs(score - share) for score, share in zip(scores, shares, strict=True)]
    far = Tenths(rows=sizes, scores=scores, cases=cases, cost=0).is_off
    if far:  # between what is promised and what happens, in the tenth where they differ most
        worst = int(np.argmax(gaps))
        at = (scores[worst] + shares[worst]) / 2
    else:  # where both fall from one tenth to the next, by the widest step
        steps = [min(scores[i], shares[i]) - max(scores[i + 1], shares[i + 1]) for i in range(BINS - 1)]
        step = int(np.argmax(steps))
        at = min(scores[step], shares[step]) - steps[step] / 2
    return Tenths(rows=sizes, scores=scores, cases=cases, cost=round(at * SAVED))


def _build(seed: int, difficulty: Difficulty, planted: bool) -> Drill:
    scene = scene_of("scores-read-as-probabilities", seed, difficulty, PRODUCTS)
    rng = own(seed, difficulty, planted)
    action, rows, happens = scene.product
    sign = 1 if scene.rng.random() < 0.7 else -1
    scored = _scored(rng, sign * SHIFT[difficulty] if planted else 0.0)
    world = _tenths(scored)
    promised, real = world.factor * sum(world.cases), sum(world.cases)
    told = f"The scores promise {promised:,.0f} cases and {real:,} happened: {world.factor:.2f} times as many."
    net = [hit * SAVED - n * world.cost for n, hit in zip(world.rows, world.cases, strict=True)]
    won = sum(net[i - 1] for i in world.pays)
    lost = won - sum(net[i - 1] for i in world.seems)
    credit = {OFF: planted, TRUE: not planted} | dict.fromkeys(OTHERS, False)
    why = "A map that was fitted on rows that are reported shows itself."
    return drill(
        situation=(
            f"{scene.company} wants to pay for {action} wherever the model's score says that it pays: the "
            f"score of a row is taken for the chance that it {happens}. The table holds the {ROWS:,} {rows} of last "
            f"month in tenths, the highest scores first."
        ),
        exhibits=(
            Rows(
                name=TABLE,
                columns=("tenth", rows, "mean score", "cases"),
                rows=tuple(zip(range(1, BINS + 1), world.rows, world.scores, world.cases, strict=True)),
            ),
            Lines(name=COSTS, text=f"acting_costs: {world.cost}\na_case_saves: {SAVED}\n", language="yaml"),
        ),
        asked=(
            number(
                "factor",
                "How many times the cases that happened do the scores promise?",
                25,
                "times",
                value=world.factor,
                relative=0.03,
                because=told,
            ),
            pick(
                "pays",
                "Pick the tenths in which acting on every row saves more than it costs, by what happened.",
                30,
                TABLE,
                world.pays,
                because=f"There cases × {SAVED} exceed rows × {world.cost}.",
            ),
            choice(scene.rng, "verdict", "May the cost be set against these scores?", 20, credit, because=told),
            order(scene.rng, "fix", "How are scores made into probabilities? Order the steps.", 15, STEPS, because=why),
            first(scene.rng, 10, (USE, *IDLE), "Calibration matters where scores are believed."),
        ),
        points=_points(scene.rng, world, planted),
        feedback=Feedback(
            evidence=told,
            price=(
                f"Acting where the score says so wins {lost:,.0f} less of {won:,.0f} in a month."
                if lost
                else f"Acting where the score says so wins {won:,.0f} in a month, all that can be won by tenths."
            ),
            page="MET007",
        ),
        world={"predictions": scored, "decision": DecisionContext(metric="log_loss", needs_probability=True)},
    )


def _points(rng: np.random.Generator, world: Tenths, planted: bool) -> tuple[Point, ...]:
    calibrated = Point(
        name="no probabilities",
        says=f"The scores are {'not ' if planted else ''}calibrated.",
        anchors=(("calibrated", "probabilit*", "true chance*", "trustworthy"),),
        denied=planted,
        probe=probe(
            rng,
            "Are the scores probabilities?",
            *(("no", "yes") if planted else ("yes", "no")),
            "only in the first tenth",
        ),
    )
    factor = Point(
        name="promised over happened",
        says=f"The scores promise {world.factor:.2f} times the cases that happened.",
        anchors=(("promise*", "expect*", "predict*", "sum of", "overstat*", "understat*"),),
        number=Said(value=world.factor, tolerance=0.06),
        probe=probe(
            rng,
            "What do the scores promise in all?",
            *(f"{times:.2f} times the cases" for times in (world.factor, world.factor * 1.6, world.factor * 0.55)),
        ),
    )
    return calibrated, factor


def _read(shown: Shown) -> Tenths:
    rows = table(shown, TABLE)
    cost = int(lines(shown, COSTS)[0].split(":")[1])
    return Tenths(
        rows=tuple(int(n) for n in numbers(rows, rows.columns[1])),
        scores=tuple(numbers(rows, "mean score")),
        cases=tuple(int(n) for n in numbers(rows, "cases")),
        cost=cost,
    )


def _solve(shown: Shown) -> Answers:
    read = _read(shown)
    return {
        "factor": read.factor,
        "pays": read.pays,
        "verdict": option(shown, "verdict", OFF if read.is_off else TRUE),
        "fix": ranked(shown, "fix", STEPS),
        "first": option(shown, "first", USE),
    }


def _believing(shown: Shown) -> Answers:
    return {**_solve(shown), "factor": 1.0, "pays": _read(shown).seems, "verdict": option(shown, "verdict", TRUE)}


def _doubting(shown: Shown) -> Answers:
    return {**_solve(shown), "pays": (1,), "verdict": option(shown, "verdict", OFF)}


KIND = Kind(
    family=Family.METRIC,
    name="scores-read-as-probabilities",
    title="A cost against a score",
    fault="Scores that are off are taken for probabilities.",
    build=_build,
    solve=_solve,
    mutants=(
        Mutant(mistake="a score is a probability", answers=_believing, loses=("factor", "pays", "verdict")),
        Mutant(mistake="no model is calibrated", answers=_doubting, on_clean=("verdict",)),
    ),
    check="MET007",
)
