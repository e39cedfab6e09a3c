"""A split in time: the last rows are the test, and an embargo lies before them."""

from random import Random

from heldout.practice.blank.task import Case, Slip, Task, Trace
from heldout.practice.drill import Family
from heldout.practice.point import Point, Probe

__all__ = ["TASK"]

REFERENCE = """
def split(times, start, embargo):
    train = [row for row, time in enumerate(times) if time is not None and time < start - embargo]
    test = [row for row, time in enumerate(times) if time is not None and time >= start]
    return {"train": train, "test": test}
"""


def oracle(times: list[int | None], start: int, embargo: int) -> dict[str, list[int]]:
    """Walk over the rows once and put each where its distance to the start says."""
    parts: dict[str, list[int]] = {"train": [], "test": []}
    for row in range(len(times)):
        time = times[row]
        if time is None:
            continue
        distance = time - start
        if distance >= 0:
            parts["test"].append(row)
        elif -distance > embargo:
            parts["train"].append(row)
    return parts


def _hidden(seed: int) -> tuple[Case, ...]:
    rng = Random(seed)
    times: list[int | None] = [rng.randrange(100) for _ in range(80)]
    gaps: list[int | None] = [None if rng.random() < 0.2 else time for time in times] + [None]
    start = rng.randrange(40, 80)
    twice: list[int | None] = [start, start, start - 9, start - 9]
    calls: list[tuple[str, list[int | None], int, int]] = [
        ("no rows", [], 5, 1),
        ("rows in no order", [*times, 0, 99], start, 7),
        ("the first test moment", [start, start - 1, start + 1], start, 0),
        ("the edge of the embargo", [start - 3, start - 4, start - 2, start], start, 3),
        ("no embargo", [start - 1, start, start + 1], start, 0),
        ("duplicate times", twice, start, 2),
        ("missing times", gaps, start, 5),
        ("all on one side", [1, 2, 3], 100, 5),
        ("all on one side", [101, 102], 100, 5),
    ]
    return tuple(Case(test=t, arguments=(list(a), b, c), wanted=dict(oracle(a, b, c))) for t, a, b, c in calls)


TASK = Task(
    family=Family.SPLITS,
    name="time-split-with-embargo",
    title="A split in time with an embargo",
    statement="Split rows in time: test rows from `start` on, training rows before it, and a gap between them.",
    function="split",
    signature="def split(times: list[int | None], start: int, embargo: int) -> dict[str, list[int]]:",
    inputs=(
        "times: a day per row, in any order, None where unknown",
        "start: the first test day",
        "embargo: days, 0 or more",
    ),
    outputs=('{"train": [...], "test": [...]}: row numbers from 0, ascending',),
    edges=(
        "a row on `start` is a test row",
        "a row exactly `embargo` days before `start`, or nearer, is in neither part",
        "a row without a time is in neither part",
    ),
    baseline="Rows before `start` train, the others test: then take the gap out.",
    trace=Trace(
        arguments=([1, 7, 8, 10, 12], 10, 2),
        result={"train": [0, 1], "test": [3, 4]},
        way="10 − 2 = 8: days 1 and 7 lie before 8 and train, day 8 is embargoed, days 10 and 12 test.",
    ),
    tests={
        "no rows": "an empty list",
        "rows in no order": "82 rows, shuffled",
        "the first test moment": "rows on, just before and just after the start",
        "the edge of the embargo": "rows on the edge of the embargo and beside it",
        "no embargo": "an embargo of 0: the day before the start trains",
        "duplicate times": "several rows of one day",
        "missing times": "rows without a time",
        "all on one side": "all rows before the start, or all after it",
    },
    hidden=_hidden,
    reference=REFERENCE,
    slips=(
        Slip(
            mistake="the start is no test day",
            changes=(("time >= start", "time > start"),),
            fails=("the first test moment",),
        ),
        Slip(
            mistake="the edge of the embargo trains",
            changes=(("time < start - embargo", "time <= start - embargo"),),
            fails=("the edge of the embargo", "no embargo"),
        ),
        Slip(
            mistake="missing times are not looked for",
            changes=(("time is not None and time < start", "time < start"),),
            fails=("missing times",),
        ),
    ),
    point=Point(
        name="why an embargo",
        says="The embargo keeps labels and windows that reach past the start out of training.",
        anchors=(("embargo", "gap"), ("label*", "window*", "overlap*", "lag*", "reach*", "late*")),
        probe=Probe(
            ask="What does the embargo keep out of training?",
            options=("Old rows", "Rows whose windows or labels reach into the test time", "Duplicate rows"),
            right=1,
        ),
    ),
)
