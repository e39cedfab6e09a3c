"""Columns that are written, or overwritten, after the moment at which the model is asked."""

from dataclasses import dataclass

import numpy as np

from heldout.core.evidence import Availability
from heldout.practice.deck.asked import choice, drill, first, number, pick
from heldout.practice.deck.choices import option
from heldout.practice.deck.companies import scene_of
from heldout.practice.deck.draws import own
from heldout.practice.deck.points import probe
from heldout.practice.deck.reading import lines, numbers, table, texts
from heldout.practice.drill import Difficulty, Drill, Family, Feedback, Kind, Mutant, Shown
from heldout.practice.exhibit import Lines, Rows
from heldout.practice.point import Point, Said
from heldout.practice.question import Answers

__all__ = ["KIND"]

TABLE, QUESTION = "columns", "question"
COLUMNS = ("column", "first written", "last overwritten", "AUC alone")
COUNT = {Difficulty.EASY: 7, Difficulty.MIDDLE: 11, Difficulty.HARD: 15}
LATE = {Difficulty.EASY: (2, 1), Difficulty.MIDDLE: (1, 1), Difficulty.HARD: (0, 1)}
"""Columns first written too late, and columns written in time and overwritten too late."""
POWER = {Difficulty.EASY: (0.9, 0.97), Difficulty.MIDDLE: (0.75, 0.85), Difficulty.HARD: (0.6, 0.7)}
"""AUC alone of a column that comes too late."""
AFTER = "A column holds what was written after the question: in use it will be empty, or older"
KNOWN = "Every column is as it was when the question is asked: the strong ones are strong rightly"
OTHERS = (
    "A column with a high AUC alone has to be dropped, as no honest column tells so much of a label",
    "Columns that are overwritten may never be used",
)
MOMENT = "At which moment is the model asked, and what did each column hold then?"
IDLE = (
    "Which columns have missing values?",
    "What is the AUC of all columns together?",
)
AS_OF = "Join each column as it was at the moment of the question, and train again"
WEAK = (
    "Drop the column with the highest AUC",
    "Fill the column with its mean in use, so that the model never meets an empty field",
    "Keep it, and watch its drift",
)
PRODUCTS = (
    (
        "whether an order comes back",
        "hours after the order",
        ("basket", "channel", "carrier", "refund_history", "stock", "gift", "postcode", "coupon", "support_notes"),
    ),
    (
        "whether a guest cancels",
        "hours after the booking",
        ("rate", "agent", "nights", "cancel_policy", "deposit", "country", "season", "room", "desk_notes"),
    ),
    (
        "whether a claim is disputed",
        "hours after the report",
        ("amount", "garage", "witnesses", "dispute_clause", "tenure", "county", "weather", "vehicle", "file_notes"),
    ),
)
MORE = ("age", "device", "visits", "language", "segment", "balance")


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """The columns with the hours of their first and last writing and their AUC alone; and the hour of the question."""

    names: tuple[str, ...]
    first: tuple[float, ...]
    last: tuple[float, ...]
    auc: tuple[float, ...]
    asked: float

    @property
    def late(self) -> tuple[int, ...]:
        """The columns, from 1, that did not hold then what they hold now."""
        return tuple(i for i, hour in enumerate(self.last, 1) if hour > self.asked)

    @property
    def late_first(self) -> tuple[int, ...]:
        """Those that held nothing at all."""
        return tuple(i for i, hour in enumerate(self.first, 1) if hour > self.asked)

    @property
    def best(self) -> float:
        """The highest AUC of a column that was known."""
        return max(auc for i, auc in enumerate(self.auc, 1) if i not in self.late)


def _world(rng: np.random.Generator, names: tuple[str, ...], at: Difficulty, planted: bool) -> Columns:
    n, asked = len(names), float(rng.choice([2, 6, 12, 24]))
    first = np.round(rng.uniform(-200, asked - 0.2, n))
    last = np.round(np.maximum(first, rng.uniform(-50, asked - 0.2, n)))
    last = np.where(rng.random(n) < 0.5, first, last)
    auc = rng.uniform(0.51, 0.74, n)
    order = rng.permutation(n)
    auc[order[-1]] = rng.uniform(0.86, 0.93)  # an honest strong one
    last[order[-2]] = asked  # just in time
    if planted:
        never, over = LATE[at]
        late = order[: never + over]
        last[late] = np.round(asked + rng.uniform(2, 60, len(late)))
        first[late[:never]] = last[late[:never]] - 1
        auc[late] = rng.uniform(*POWER[at], len(late))
    columns = (tuple(float(x) for x in column) for column in (first, last, np.round(auc, 3)))
    a, b, c = columns
    return Columns(names=names, first=a, last=b, auc=c, asked=asked)


def _build(seed: int, difficulty: Difficulty, planted: bool) -> Drill:
    scene = scene_of("column-written-after-the-question", seed, difficulty, PRODUCTS)
    rng = own(seed, difficulty, planted)
    what, since, mine = scene.product
    pool = [*mine, *MORE]
    rest = (pool[i] for i in scene.rng.permutation(len(pool)) if pool[i] != mine[3])
    chosen = [*mine[3:4], *rest][: COUNT[difficulty]]
    names = tuple(chosen[i] for i in scene.rng.permutation(len(chosen)))
    world = _world(rng, names, difficulty, planted)
    late = ", ".join(world.names[i - 1] for i in world.late)
    hold = "hold" if len(world.late) > 1 else "holds"
    told = (
        f"The model is asked {world.asked:.0f} {since}; {late} {hold} what was written later."
        if late
        else f"The model is asked {world.asked:.0f} {since}, and no column was written later."
    )
    credit = {AFTER: planted, KNOWN: not planted} | dict.fromkeys(OTHERS, False)
    fixes = {AS_OF: 1.0} | dict.fromkeys(WEAK, 0.0)
    return drill(
        situation=(
            f"{scene.company} predicts {what}. The model uses all of these columns as they stand in the "
            f"warehouse today, and its log of writes was asked when each was first and last written, in {since}."
        ),
        exhibits=(
            Lines(
                name=QUESTION,
                text=f"predict: {what}\nasked_at: {world.asked:.0f}  # {since}; what that hour wrote is there\n",
                language="yaml",
            ),
            Rows(
                name=TABLE,
                columns=COLUMNS,
                rows=tuple(zip(world.names, world.first, world.last, world.auc, strict=True)),
            ),
        ),
        asked=(
            pick(
                "late",
                "Pick the columns that do not hold what they held when the model is asked; none is an answer.",
                35,
                TABLE,
                world.late,
                because=told,
            ),
            number(
                "best",
                "What is the highest AUC alone of a column that holds what it held then?",
                15,
                "AUC",
                value=world.best,
                absolute=0.002,
                because=told,
            ),
            choice(scene.rng, "verdict", "What is to be said of these columns?", 25, credit, because=told),
            choice(
                scene.rng,
                "fix",
                "What mends a column that comes too late?",
                15,
                fixes,
                because="In use only then's value is there.",
            ),
            first(scene.rng, 10, (MOMENT, *IDLE), "Nothing else tells an honest column."),
        ),
        points=_points(scene.rng, world, planted),
        feedback=Feedback(
            evidence=told,
            price=(
                f"The score was measured with {len(world.late)} columns that say something else, or nothing, in use."
                if planted
                else "None: in use the columns hold what they held in the score."
            ),
            page="LEK003",
        ),
        world={"availability": _availability(world)},
    )


def _points(rng: np.random.Generator, world: Columns, planted: bool) -> tuple[Point, ...]:
    names = tuple(world.names[i - 1].lower() for i in world.late)
    late = Point(
        name="written too late",
        says=f"{names[0]} is written after the question." if names else "No column is written after the question.",
        anchors=(names or ("column*", "field*"), ("after", "later", "too late", "overwritten", "not known", "future")),
        denied=not planted,
        probe=probe(
            rng,
            "Was a column written after the question?",
            *(("yes", "no") if planted else ("no", "yes")),
            "only empty ones",
        ),
    )
    best = Point(
        name="the best honest column",
        says=f"The best column that is known in time has an AUC of {world.best:.2f}.",
        anchors=(("auc", "best", "strongest", "highest"),),
        number=Said(value=world.best, tolerance=0.01),
        probe=probe(rng, "What makes a strong column honest?", "it was known in time", "its name", "a low AUC"),
    )
    return late, best


def _availability(world: Columns) -> Availability:
    known = frozenset(name for i, name in enumerate(world.names, 1) if i not in world.late)
    return Availability(known=known, used=world.names, said_by="the log of writes")


def _read(shown: Shown) -> Columns:
    rows = table(shown, TABLE)
    asked = next(line for line in lines(shown, QUESTION) if line.startswith("asked_at"))
    first, last, auc = (tuple(numbers(rows, name)) for name in COLUMNS[1:])
    hour = float(asked.split(":")[1].split("#")[0])
    return Columns(names=tuple(texts(rows, "column")), first=first, last=last, auc=auc, asked=hour)


def _solve(shown: Shown) -> Answers:
    read = _read(shown)
    return {
        "late": read.late,
        "best": read.best,
        "verdict": option(shown, "verdict", AFTER if read.late else KNOWN),
        "fix": option(shown, "fix", AS_OF),
        "first": option(shown, "first", MOMENT),
    }


def _by_first(shown: Shown) -> Answers:
    return {**_solve(shown), "late": _read(shown).late_first, "fix": option(shown, "fix", WEAK[2])}


def _by_power(shown: Shown) -> Answers:
    read = _read(shown)
    strongest = (int(np.argmax(read.auc)) + 1,)
    honest = max((auc for auc in read.auc if auc < max(read.auc)), default=0.5)
    verdict, fix = option(shown, "verdict", AFTER), option(shown, "fix", WEAK[0])
    return {**_solve(shown), "late": strongest, "best": honest, "verdict": verdict, "fix": fix}


KIND = Kind(
    family=Family.LEAKAGE,
    name="column-written-after-the-question",
    title="A log of writes",
    fault="Columns hold what was written after the model is asked.",
    build=_build,
    solve=_solve,
    mutants=(
        Mutant(
            mistake="a column that existed in time was known in time",
            answers=_by_first,
            loses=("late", "fix"),
            on_clean=("fix",),
        ),
        Mutant(
            mistake="the strongest column is the leak",
            answers=_by_power,
            loses=("late", "fix"),
            on_clean=("late", "best", "verdict"),
        ),
    ),
    check="LEK003",
)
