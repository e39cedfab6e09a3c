"""Test rows that are train rows, in a table that may repeat itself by nature."""

import numpy as np

from heldout.core.evidence import CopyOverlap
from heldout.practice.deck.asked import choice, drill, first, number, pick
from heldout.practice.deck.choices import option
from heldout.practice.deck.companies import scene_of
from heldout.practice.deck.draws import own
from heldout.practice.deck.points import probe
from heldout.practice.deck.reading import numbers, table
from heldout.practice.drill import Difficulty, Drill, Family, Feedback, Kind, Mutant, Shown
from heldout.practice.exhibit import Cell, Rows
from heldout.practice.point import Point, Said
from heldout.practice.question import Answers

__all__ = ["KIND"]

COUNTS, TRAIN, TEST = "copies", "some train rows", "some test rows"
TEST_ROWS, TRAIN_ROWS = 2000, 6000
SHOWN_ROWS = {Difficulty.EASY: (14, 8), Difficulty.MIDDLE: (20, 11), Difficulty.HARD: (26, 14)}
EXCESS = {Difficulty.EASY: (0.2, 0.3), Difficulty.MIDDLE: (0.12, 0.18), Difficulty.HARD: (0.08, 0.11)}
"""Share of the test rows that were copied from train."""
NATURAL = {Difficulty.EASY: 0.02, Difficulty.MIDDLE: 0.05, Difficulty.HARD: 0.1}
"""Share of the rows that equal another one by nature, in the planted world."""
LIMIT = 4.0
"""Points above the table's own repetition from which copies are a fault."""
COPIED = "Far more test rows equal a train row than the table repeats itself: rows were copied across the split"
REPEATS = "Test rows equal train rows as often as train rows equal each other: the table repeats itself"
OTHERS = (
    "Every equal row proves a leak: the score is void",
    "Equal rows do not matter here, as the label is another column than those that were compared, and may differ",
)
DEDUPE = "Drop the copied rows from test, and keep equal rows on one side from now on"
WEAK = (
    "Drop every column that repeats",
    "Add noise to the test rows, so that none of them is the same as a train row",
    "Keep the copies, as they are real rows",
)
ORIGIN = "How were the two files made, and how often does the table repeat itself?"
IDLE = ("Which hash was used to compare rows?", "Can the score be rounded?")
PRODUCTS = (
    ("flats", ("rooms", "floor", "district", "heating", "let"), ("gas", "oil", "district heat")),
    ("support chats", ("turns", "stars", "team", "channel", "solved"), ("web", "app", "phone")),
    ("bike trips", ("minutes", "km", "station", "pass", "late"), ("day", "month", "year")),
    ("loans", ("months", "dependants", "branch", "purpose", "repaid"), ("car", "roof", "school")),
)

Row = tuple[Cell, ...]


def _row(rng: np.random.Generator, kinds: tuple[str, ...]) -> Row:
    numbers_ = int(rng.integers(1, 60)), int(rng.integers(0, 9)), f"{rng.choice(list('ABCDEFGH'))}{rng.integers(1, 30)}"
    return (*numbers_, str(rng.choice(kinds)), int(rng.integers(0, 2)))


def _nearly(rng: np.random.Generator, row: Row) -> Row:
    """Return a row that differs in one number, by one."""
    place = int(rng.integers(0, 2))
    return tuple(int(cell or 0) + 1 if i == place else cell for i, cell in enumerate(row))


def _rows(rng: np.random.Generator, at: Difficulty, kinds: tuple[str, ...], copies: int) -> tuple[list[Row], list[Row]]:
    n, m = SHOWN_ROWS[at]
    train = [_row(rng, kinds) for _ in range(n)]
    sources = rng.permutation(n)
    near = [_nearly(rng, train[i]) for i in sources[copies : copies + at]]
    test = [*(train[i] for i in sources[:copies]), *near]
    test += [_row(rng, kinds) for _ in range(m - len(test))]
    return train, [test[i] for i in rng.permutation(m)]


def _build(seed: int, difficulty: Difficulty, planted: bool) -> Drill:
    scene = scene_of("copies-across-the-split", seed, difficulty, PRODUCTS)
    rng = own(seed, difficulty, planted)
    what, columns, kinds = scene.product
    natural = NATURAL[difficulty] if planted else rng.uniform(0.08, 0.2)
    equal_train = rng.binomial(TEST_ROWS, natural)
    equal_test = rng.binomial(TEST_ROWS, natural + (rng.uniform(*EXCESS[difficulty]) if planted else 0.0))
    if not planted:
        equal_test = round(float(equal_train * rng.uniform(0.94, 1.06)))
    train, test = _rows(rng, difficulty, kinds, 3 if planted else 2)
    copies = _copies(train, test)
    excess = 100 * (equal_test - equal_train) / TEST_ROWS
    told = (
        f"{equal_test} of {TEST_ROWS:,} test rows equal a train row, and {equal_train} of {TEST_ROWS:,} train rows "
        f"equal another one: {excess:+.1f} points."
    )
    credit = {COPIED: planted, REPEATS: not planted} | dict.fromkeys(OTHERS, False)
    fixes = {DEDUPE: 1.0} | dict.fromkeys(WEAK, 0.0)
    return drill(
        situation=(
            f"{scene.company} holds a table of {what}, {TRAIN_ROWS:,} rows for train and {TEST_ROWS:,} for test. "
            f"Somebody saw equal rows on both sides, and counted them; some rows of each side are shown."
        ),
        exhibits=(
            Rows(
                name=COUNTS,
                columns=("rows", "looked at", "equal to a train row"),
                rows=(
                    ("test rows", TEST_ROWS, equal_test),
                    ("train rows, each against the others", TEST_ROWS, equal_train),
                ),
            ),
            Rows(name=TRAIN, columns=columns, rows=tuple(train)),
            Rows(name=TEST, columns=columns, rows=tuple(test)),
        ),
        asked=(
            pick(
                "copies",
                "Pick the shown test rows that equal a shown train row in every column.",
                30,
                TEST,
                copies,
                because="The others differ in at least one cell.",
            ),
            number(
                "excess",
                "By how many points is the share of equal rows in test above the table's own repetition?",
                25,
                "percentage points",
                value=excess,
                absolute=0.3,
                because=told,
            ),
            choice(scene.rng, "verdict", "What do the copies say?", 25, credit, because=told),
            choice(
                scene.rng,
                "fix",
                "What mends rows that were copied?",
                10,
                fixes,
                because="Equal rows belong on one side.",
            ),
            first(scene.rng, 10, (ORIGIN, *IDLE), "The origin tells chance from copying."),
        ),
        points=_points(scene.rng, excess, planted),
        feedback=Feedback(
            evidence=told,
            price=f"About {max(equal_test - equal_train, 0)} of the test {what} were remembered, and score as skill.",
            page="SPL003",
        ),
        world={
            "copies": CopyOverlap(
                with_label=True,
                test_rows=TEST_ROWS,
                shared_rows=equal_test,
                reference_rows=TEST_ROWS,
                reference_shared=equal_train,
                by_class={"0": equal_test // 2, "1": equal_test - equal_test // 2},
                examples=(),
            )
        },
    )


def _points(rng: np.random.Generator, excess: float, planted: bool) -> tuple[Point, ...]:
    more = Point(
        name="more than by nature",
        says=f"Test {'has' if planted else 'does not have'} more copies than the table's own repetition.",
        anchors=(("cop*", "equal", "duplicat*", "repeat*"), ("more", "above", "excess", "beyond", "higher", "exceed*")),
        denied=not planted,
        probe=probe(
            rng,
            "Against train's own repetition, copies in test are ...",
            *(("more", "as many") if planted else ("as many", "more")),
            "fewer by half",
        ),
    )
    points = Point(
        name="the excess",
        says=f"The excess of copies over the repetition is {excess:.1f} points.",
        anchors=(("cop*", "equal", "duplicat*", "repeat*", "repetition", "excess"),),
        number=Said(value=excess, tolerance=0.6),
        probe=probe(rng, "The share of copies is held against ...", "train's own repetition", "zero", "one half"),
    )
    return more, points


def _copies(train: list[Row], test: list[Row]) -> tuple[int, ...]:
    known = set(train)
    return tuple(place for place, row in enumerate(test, 1) if row in known)


def _solve(shown: Shown) -> Answers:
    looked, equal = (numbers(table(shown, COUNTS), name) for name in ("looked at", "equal to a train row"))
    excess = 100 * (equal[0] / looked[0] - equal[1] / looked[1])
    return {
        "copies": _copies(list(table(shown, TRAIN).rows), list(table(shown, TEST).rows)),
        "excess": excess,
        "verdict": option(shown, "verdict", COPIED if excess > LIMIT else REPEATS),
        "fix": option(shown, "fix", DEDUPE),
        "first": option(shown, "first", ORIGIN),
    }


def _absolute(shown: Shown) -> Answers:
    looked, equal = (numbers(table(shown, COUNTS), name) for name in ("looked at", "equal to a train row"))
    verdict = option(shown, "verdict", COPIED)
    return {**_solve(shown), "excess": 100 * equal[0] / looked[0], "verdict": verdict}


def _careless(shown: Shown) -> Answers:
    verdict, train = option(shown, "verdict", REPEATS), {row[2:] for row in table(shown, TRAIN).rows}
    near = tuple(place for place, row in enumerate(table(shown, TEST).rows, 1) if row[2:] in train)
    return {**_solve(shown), "copies": near, "verdict": verdict, "fix": option(shown, "fix", WEAK[2])}


KIND = Kind(
    family=Family.SPLITS,
    name="copies-across-the-split",
    title="Rows that are equal",
    fault="Test rows were copied from train, beyond what the table repeats by itself.",
    build=_build,
    solve=_solve,
    mutants=(
        Mutant(
            mistake="every equal row was copied",
            answers=_absolute,
            loses=("excess",),
            on_clean=("excess", "verdict"),
        ),
        Mutant(
            mistake="equal rows happen, and near ones are equal too",
            answers=_careless,
            loses=("copies", "verdict", "fix"),
            on_clean=("copies", "fix"),
        ),
    ),
    check="SPL003",
)
