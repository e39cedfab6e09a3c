"""A ranking over all rows, where only the first ones can be acted on."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from heldout.core.evidence import DecisionContext, Predictions
from heldout.practice.deck.asked import choice, drill, number, order
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

TABLE, PLAN = "hits by rank", "plan"
BANDS = (50, 50, 100, 200, 400, 400, 800)
"""Rows per band of ranks, the highest scores first."""
ENDS = tuple(int(end) for end in np.cumsum(BANDS))
FLAT = (13, 14, 31, 58, 60, 18, 6)
"""Hits per band of the model with the highest AUC: few at the top, and hardly any at the end."""
STEEP = {
    Difficulty.EASY: (36, 26, 24, 28, 30, 30, 26),
    Difficulty.MIDDLE: (29, 22, 27, 32, 32, 30, 28),
    Difficulty.HARD: (24, 20, 31, 36, 32, 29, 28),
}
"""Of the one that is best at the top; the third model lies between."""
MODELS = ("boosted trees", "logistic regression", "small network")
TOP = "Within what can be acted on another model finds more than the one with the highest AUC: ship that one"
AGREES = "The model with the highest AUC also finds the most within what can be acted on: ship it"
OTHERS = (
    "AUC cannot be compared between models on the same rows: only another test set tells them apart",
    "None of the models may be shipped before its scores are calibrated",
)
CAPACITY = "How many cases can be acted on, and is that fixed?"
IDLE = ("Which of the models is the newest?", "Can the AUC be reported with more digits?")
PRODUCTS = (
    ("fraud desk", "orders", "fraud"),
    ("dunning team", "invoices", "default"),
    ("food inspectors", "restaurants", "violation"),
    ("care nurses", "patients", "readmission"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hits:
    """Hits of each model per band, and how many rows can be acted on."""

    capacity: int
    by_model: dict[str, tuple[int, ...]]

    @property
    def auc(self) -> dict[str, float]:
        """AUC of each model, rows of a band taken for ties."""
        return {model: _auc(hits) for model, hits in self.by_model.items()}

    @property
    def found(self) -> dict[str, int]:
        """Hits of each model among the rows that can be acted on."""
        bands = ENDS.index(self.capacity) + 1
        return {model: sum(hits[:bands]) for model, hits in self.by_model.items()}

    @property
    def by_auc(self) -> list[str]:
        """The models, the highest AUC first."""
        return sorted(self.by_model, key=lambda model: -self.auc[model])

    @property
    def by_found(self) -> list[str]:
        """The models, the one that finds the most first."""
        return sorted(self.by_model, key=lambda model: -self.found[model])


def _auc(hits: tuple[int, ...]) -> float:
    hit = np.array(hits, dtype=np.float64)
    quiet = np.array(BANDS) - hit
    below = quiet.sum() - np.cumsum(quiet) + quiet / 2
    return float((hit * below).sum() / (hit.sum() * quiet.sum()))


def _world(rng: np.random.Generator, models: list[str], at: Difficulty, planted: bool) -> Hits:
    capacity = int(
        rng.choice([100, 200] if planted and at is not Difficulty.HARD else [100] if planted else [800, 1200])
    )
    halves = [round((flat + steep) / 2) for flat, steep in zip(FLAT, STEEP[at], strict=True)][:-1]
    between = (*halves, sum(FLAT) - sum(halves))
    shapes = (FLAT, STEEP[at], between)
    shift = rng.integers(-1, 2, len(BANDS))
    hits = {model: tuple(int(n) for n in np.array(shape) + shift) for model, shape in zip(models, shapes, strict=True)}
    return Hits(capacity=capacity, by_model={model: hits[model] for model in MODELS})


def _build(seed: int, difficulty: Difficulty, planted: bool) -> Drill:
    scene = scene_of("auc-where-the-top-decides", seed, difficulty, PRODUCTS)
    rng = own(seed, difficulty, planted)
    team, rows, case = scene.product
    world = _world(rng, [MODELS[i] for i in scene.rng.permutation(3)], difficulty, planted)
    chosen, best = world.by_auc[0], world.by_found[0]
    other = best if best != chosen else world.by_found[1]
    told = (
        f"Among the first {world.capacity:,} {rows} {world.found[chosen]} of {sum(world.by_model[chosen])} hits are "
        f"found by the {chosen}, and {world.found[other]} by the {other}; their AUCs are {world.auc[chosen]:.3f} and "
        f"{world.auc[other]:.3f}."
    )
    credit = {TOP: planted, AGREES: not planted} | dict.fromkeys(OTHERS, False)
    firsts = {CAPACITY: 1.0} | dict.fromkeys(IDLE, 0.0)
    return drill(
        situation=(
            f"{scene.company} scores {ENDS[-1]:,} {rows} a week for {case}. Three models were compared by AUC on "
            f"the same week, and the best one is to be shipped. The table counts the hits, {rows} with {case}, "
            f"in each band of each model's own ranks."
        ),
        exhibits=(
            Rows(
                name=TABLE,
                columns=("ranks up to", "rows", *MODELS),
                rows=tuple(
                    (end, band, *(world.by_model[model][i] for model in MODELS))
                    for i, (end, band) in enumerate(zip(ENDS, BANDS, strict=True))
                ),
            ),
            Lines(name=PLAN, text=_plan(world, team, rows), language="yaml"),
        ),
        asked=(
            number(
                "precision",
                f"Which share of the {rows} that the {team} would act on are hits, by the model with the highest AUC?",
                25,
                "percent",
                value=100 * world.found[chosen] / world.capacity,
                absolute=0.6,
                because=f"{world.found[chosen]} hits in {world.capacity:,} {rows}.",
            ),
            order(
                scene.rng,
                "order",
                f"Order the models by the hits that the {team} would find, most first.",
                30,
                world.by_found,
                because=told,
            ),
            choice(scene.rng, "verdict", "Which model should be shipped?", 30, credit, because=told),
            choice(
                scene.rng,
                "first",
                "What decides which metric fits here?",
                15,
                firsts,
                because="Acting is what hits are for.",
            ),
        ),
        points=_points(scene.rng, world),
        feedback=Feedback(
            evidence=told,
            price=(
                f"{world.found[best] - world.found[chosen]} more hits a week would be found by the {best}."
                if planted
                else f"Shipping another model would lose {world.found[best] - world.found[world.by_found[-1]]} hits."
            ),
            page="MET003",
        ),
        world=_evidence(world),
    )


def _plan(world: Hits, team: str, rows: str) -> str:
    scores = "".join(f"\n  {model}: {world.auc[model]:.3f}" for model in MODELS)
    return f"team: {team}\nacts_on_per_week: {world.capacity}  # {rows}, the highest scores first\nauc:{scores}\n"


def _points(rng: np.random.Generator, world: Hits) -> tuple[Point, ...]:
    precision = world.found[world.by_auc[0]] / world.capacity
    best = Point(
        name="the best at the capacity",
        says=f"Most is found by the {world.by_found[0]} within the capacity.",
        anchors=(
            (world.by_found[0],),
            ("capacity", "top", "first*", "act on", "acted on", "acting on", "highest score*", "budget"),
            ("find*", "found", "most", "more", "best", "hit*", "catch*"),
        ),
        probe=probe(rng, "Which model finds the most within the capacity?", *world.by_found),
    )
    share = Point(
        name="precision at the capacity",
        says=f"The precision of the highest AUC at the capacity is {100 * precision:.1f} %.",
        anchors=(("precision", "share", "hit rate", "percent", "per cent", "hit*"),),
        number=Said(value=precision, tolerance=0.01),
        probe=probe(rng, "The precision is taken among ...", "the rows acted on", "all rows", "all cases"),
    )
    return best, share


def _evidence(world: Hits) -> dict[str, object]:
    hits, scores = world.by_model[world.by_auc[0]], np.linspace(0.95, 0.05, len(BANDS))
    label: NDArray[np.float64] = np.concatenate(
        [np.repeat([1.0, 0.0], [hit, band - hit]) for hit, band in zip(hits, BANDS, strict=True)]
    )
    predictions = Predictions(metric="roc_auc", label=label, score=np.repeat(scores, BANDS), cluster=None)
    return {"predictions": predictions, "decision": DecisionContext(metric="roc_auc", capacity=world.capacity)}


def _read(shown: Shown) -> Hits:
    capacity = next(line for line in lines(shown, PLAN) if line.startswith("acts_on_per_week"))
    hits = {model: tuple(int(n) for n in numbers(table(shown, TABLE), model)) for model in MODELS}
    return Hits(capacity=int(capacity.split(":")[1].split("#")[0]), by_model=hits)


def _solve(shown: Shown) -> Answers:
    read = _read(shown)
    agree = read.by_auc[0] == read.by_found[0]
    return {
        "precision": 100 * read.found[read.by_auc[0]] / read.capacity,
        "order": ranked(shown, "order", read.by_found),
        "verdict": option(shown, "verdict", AGREES if agree else TOP),
        "first": option(shown, "first", CAPACITY),
    }


def _by_auc(shown: Shown) -> Answers:
    read = _read(shown)
    base = 100 * sum(read.by_model[read.by_auc[0]]) / ENDS[-1]
    order = ranked(shown, "order", read.by_auc)
    return {"precision": base, "order": order, "verdict": option(shown, "verdict", AGREES), "first": 0}


def _by_first_band(shown: Shown) -> Answers:
    read = _read(shown)
    steep = sorted(MODELS, key=lambda model: -read.by_model[model][0])
    order = ranked(shown, "order", steep)
    return {**_solve(shown), "order": order, "verdict": option(shown, "verdict", TOP)}


KIND = Kind(
    family=Family.METRIC,
    name="auc-where-the-top-decides",
    title="Three AUCs",
    fault="A model is chosen by AUC where only the highest scores can be acted on.",
    build=_build,
    solve=_solve,
    mutants=(
        Mutant(mistake="the highest AUC finds the most", answers=_by_auc, loses=("precision", "order", "verdict")),
        Mutant(mistake="AUC is never what decides", answers=_by_first_band, on_clean=("order", "verdict")),
    ),
    check="MET003",
)
