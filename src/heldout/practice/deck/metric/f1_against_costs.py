"""A model is chosen by F1, and paid for by the costs of its two kinds of mistake."""

from dataclasses import dataclass

import numpy as np

from heldout.practice.deck.asked import choice, drill, first, number, order
from heldout.practice.deck.choices import option, ranked
from heldout.practice.deck.companies import scene_of
from heldout.practice.deck.draws import own
from heldout.practice.deck.points import probe
from heldout.practice.deck.reading import lines, numbers, table, texts
from heldout.practice.drill import Difficulty, Drill, Family, Feedback, Kind, Mutant, Shown
from heldout.practice.exhibit import Lines, Rows
from heldout.practice.point import Point, Said
from heldout.practice.question import Answers

__all__ = ["KIND"]

TABLE, COSTS = "models", "costs"
COLUMNS = ("model", "found", "missed", "false alarms", "quiet")
ROWS = 4000
MODELS = ("forest", "logistic", "rules", "network")
MARGIN = {Difficulty.EASY: 0.5, Difficulty.MIDDLE: 0.25, Difficulty.HARD: 0.1}
"""By which share the cheapest model is cheaper than the next one."""
ALARM = 10
MISSES = {True: (100, 200, 300, 400), False: (10, 12, 15, 20, 25)}
"""What a missed case may cost where a false alarm costs `ALARM`."""
PARTS = "The model with the best F1 is not the cheapest: choose by expected cost"
SAME = "The model with the best F1 is the cheapest too: it may be chosen"
OTHERS = (
    "Costs cannot be held against counts of one test set",
    "The model with the fewest mistakes is the cheapest",
)
ASKED = "Are these costs per mistake agreed, and how sure is the rarer one?"
IDLE = ("Which model was trained last?", "Would F2, or another weight of precision, look better in the report?")
PRODUCTS = (
    ("gas leaks along its pipes", "readings"),
    ("stolen cards", "payments"),
    ("sepsis on its wards", "stays"),
    ("defects in its bearings", "bearings"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """Counts per model as (found, missed, false alarms), and the cost of each mistake."""

    counts: dict[str, tuple[int, int, int]]
    miss: int
    alarm: int

    def cost(self, model: str) -> int:
        """Return what the model's mistakes cost on the test rows."""
        _, missed, alarms = self.counts[model]
        return missed * self.miss + alarms * self.alarm

    def f1(self, model: str) -> float:
        """Return the model's F1."""
        found, missed, alarms = self.counts[model]
        return 2 * found / (2 * found + missed + alarms)

    @property
    def by_cost(self) -> list[str]:
        """The models, the cheapest first."""
        return sorted(self.counts, key=lambda model: (self.cost(model), model))

    @property
    def by_f1(self) -> list[str]:
        """The models, the best F1 first."""
        return sorted(self.counts, key=lambda model: (-self.f1(model), model))

    @property
    def keenest(self) -> str:
        """The model that misses the fewest."""
        return min(self.counts, key=lambda model: self.counts[model][1])

    @property
    def even(self) -> float:
        """Cost of a miss at which the best F1 and the model that misses the fewest cost the same."""
        (_, a, b), (_, c, d) = self.counts[self.by_f1[0]], self.counts[self.keenest]
        return self.alarm * (d - b) / (a - c)


def _world(rng: np.random.Generator, at: Difficulty, planted: bool) -> Bill:
    """Draw models along a curve until F1 and cost part, or agree, by the margin."""
    number = 4 if at is Difficulty.HARD else 3
    while True:
        cases, recalls = int(rng.integers(280, 420)), np.sort(rng.uniform(0.4, 0.96, number))
        found = np.round(cases * recalls).astype(int)
        alarms = np.round(cases * rng.uniform(0.05, 0.12) * np.exp(3.4 * recalls**2 * rng.uniform(0.9, 1.1))).astype(
            int
        )
        names = rng.permutation(MODELS[:number])
        counts = {str(m): (int(f), cases - int(f), int(a)) for m, f, a in zip(names, found, alarms, strict=True)}
        bill = Bill(counts=dict(sorted(counts.items())), miss=int(rng.choice(MISSES[planted])), alarm=ALARM)
        first, second, *_ = (bill.cost(model) for model in bill.by_cost)
        f1 = [bill.f1(model) for model in bill.by_f1]
        apart = bill.by_f1[0] != bill.by_cost[0]
        plain = second >= first * 1.03 and f1[0] - f1[1] > 0.01 and bill.keenest != bill.by_f1[0]
        ratio = bill.cost(bill.by_f1[0]) / first - 1
        if plain and apart is planted and (ratio >= MARGIN[at] if planted else bill.keenest != bill.by_cost[0]):
            return bill


def _build(seed: int, difficulty: Difficulty, planted: bool) -> Drill:
    scene = scene_of("f1-against-costs", seed, difficulty, PRODUCTS)
    rng = own(seed, difficulty, planted)
    case, rows = scene.product
    world = _world(rng, difficulty, planted)
    chosen, cheapest = world.by_f1[0], world.by_cost[0]
    told = (
        f"{chosen} has the best F1 ({world.f1(chosen):.3f}) and costs {world.cost(chosen):,}; the cheapest, "
        f"{cheapest}, costs {world.cost(cheapest):,} (F1 {world.f1(cheapest):.3f})."
    )
    credit = {PARTS: planted, SAME: not planted} | dict.fromkeys(OTHERS, False)
    return drill(
        situation=(
            f"{scene.company} looks for {case}. Its models were compared on the same {ROWS:,} {rows}, and "
            f"{chosen} was chosen, because its F1 of {world.f1(chosen):.3f} is the best. What mistakes cost "
            f"stands in a file that nobody had opened."
        ),
        exhibits=(
            Rows(name=TABLE, columns=COLUMNS, rows=tuple((m, *c, ROWS - sum(c)) for m, c in world.counts.items())),
            Lines(
                name=COSTS,
                text=f"false_alarm: {world.alarm}\nmissed_case: {world.miss}\n",
                language="yaml",
            ),
        ),
        asked=(
            number(
                "cost",
                "What do the mistakes of the model with the best F1 cost on these rows?",
                25,
                "units of cost",
                value=world.cost(chosen),
                relative=0.01,
                because=told,
            ),
            order(scene.rng, "order", "Order the models by cost, the cheapest first.", 25, world.by_cost, because=told),
            choice(scene.rng, "verdict", "Which model should be chosen?", 25, credit, because=told),
            number(
                "even",
                "At which cost of a miss would the best F1 and the model that misses the fewest cost the same?",
                15,
                "units of cost",
                value=world.even,
                relative=0.03,
                because="There the alarms that one has more cost what the misses that it has fewer save.",
            ),
            first(scene.rng, 10, (ASKED, *IDLE), "The ratio of the costs decides."),
        ),
        points=_points(scene.rng, world),
        feedback=Feedback(
            evidence=told,
            price=f"Choosing by F1 costs {world.cost(chosen) - world.cost(cheapest):,} more per {ROWS:,} {rows}.",
        ),
    )


def _points(rng: np.random.Generator, world: Bill) -> tuple[Point, ...]:
    cheapest = Point(
        name="the cheapest model",
        says=f"By cost {world.by_cost[0]} is the cheapest.",
        anchors=(
            (world.by_cost[0],),
            ("cheap*", "lowest cost", "least cost", "costs least", "less cost*", "costs less"),
        ),
        probe=probe(rng, "Which model's mistakes cost the least?", *world.by_cost),
    )
    cost = Point(
        name="the cost of the choice",
        says=f"Choosing the best F1 costs {world.cost(world.by_f1[0])}.",
        anchors=(("cost*", "bill", "pay*", "expens*"),),
        number=Said(value=float(world.cost(world.by_f1[0])), tolerance=0.01 * world.cost(world.by_f1[0])),
        probe=probe(
            rng,
            "How is the cost of a model computed?",
            "misses and alarms, each times its cost",
            "mistakes times the mean cost",
            "one less F1, times the rows",
        ),
    )
    return cheapest, cost


def _read(shown: Shown) -> Bill:
    rows = table(shown, TABLE)
    columns = ([int(n) for n in numbers(rows, name)] for name in COLUMNS[1:4])
    alarm, miss = (int(line.split(": ")[1]) for line in lines(shown, COSTS))
    return Bill(counts=dict(zip(texts(rows, "model"), zip(*columns, strict=True), strict=True)), miss=miss, alarm=alarm)


def _solve(shown: Shown) -> Answers:
    read = _read(shown)
    return {
        "cost": read.cost(read.by_f1[0]),
        "order": ranked(shown, "order", read.by_cost),
        "verdict": option(shown, "verdict", SAME if read.by_f1[0] == read.by_cost[0] else PARTS),
        "even": read.even,
        "first": option(shown, "first", ASKED),
    }


def _by_f1(shown: Shown) -> Answers:
    order, verdict = ranked(shown, "order", _read(shown).by_f1), option(shown, "verdict", SAME)
    return {**_solve(shown), "order": order, "verdict": verdict, "even": ALARM}


def _by_recall(shown: Shown) -> Answers:
    read = _read(shown)
    order = ranked(shown, "order", sorted(read.counts, key=lambda model: read.counts[model][1]))
    return {**_solve(shown), "order": order, "verdict": option(shown, "verdict", PARTS)}


KIND = Kind(
    family=Family.METRIC,
    name="f1-against-costs",
    title="The best F1 and a price list",
    fault="A model is chosen by F1 although the costs of its mistakes choose another one.",
    build=_build,
    solve=_solve,
    mutants=(
        Mutant(mistake="the best F1 is the best model", answers=_by_f1, loses=("order", "verdict")),
        Mutant(mistake="a missed case always costs the most", answers=_by_recall, on_clean=("order", "verdict")),
    ),
)
