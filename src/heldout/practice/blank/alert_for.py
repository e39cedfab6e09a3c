"""An alert that fires when its condition has held for a while, as Prometheus evaluates it."""

from random import Random

from heldout.practice.blank.task import Case, Slip, Task, Trace
from heldout.practice.drill import Family
from heldout.practice.point import Point, Probe

__all__ = ["TASK"]

REFERENCE = """
def firing(times, values, threshold, hold):
    since, fired = None, []
    for time, value in zip(times, values):
        if value is None or not value > threshold:
            since = None
            continue
        if since is None:
            since = time
        if time - since >= hold:
            fired.append(time)
    return fired
"""


def oracle(times: list[int], values: list[float | None], threshold: float, hold: int) -> list[int]:
    """Look back from each evaluation to where its unbroken run began."""
    over = [value is not None and value > threshold for value in values]
    fired = []
    for place, time in enumerate(times):
        start = place
        while start >= 0 and over[start]:
            start -= 1
        if start < place and time - times[start + 1] >= hold:
            fired.append(time)
    return fired


def _hidden(seed: int) -> tuple[Case, ...]:
    rng = Random(seed)
    times = list(range(0, 60 * 40, 60))
    walk = [round(rng.uniform(0, 1) + 0.5 * (10 < step < 25), 6) for step in range(40)]
    holes: list[float | None] = [None if step in (14, 20) else 2.0 for step in range(40)]
    late = [time + rng.randrange(20) for time in times]
    calls: list[tuple[str, list[int], list[float | None], float, int]] = [
        ("no evaluations", [], [], 1.0, 60),
        ("a noisy series", times, [*walk], 0.7, 120),
        ("exactly long enough", [0, 60, 120, 180], [2.0] * 4, 1.0, 120),
        ("equal is not above", [0, 60, 120], [1.0, 1.0, 1.0], 1.0, 0),
        ("no hold", [0, 60, 120], [0.0, 2.0, 0.0], 1.0, 0),
        ("one dip", [0, 60, 120, 180, 240, 300], [2.0, 2.0, 0.0, 2.0, 2.0, 2.0], 1.0, 120),
        ("a missing value", times, holes, 1.0, 300),
        ("uneven evaluations", late, [2.0] * 40, 1.0, 300),
        ("never", times, [0.0] * 40, 1.0, 60),
    ]
    return tuple(
        Case(test=t, arguments=(list(a), list(b), c, d), wanted=list(oracle(a, b, c, d))) for t, a, b, c, d in calls
    )


TASK = Task(
    family=Family.MONITORING,
    name="alert-for",
    title="When does the alert fire?",
    statement="Write the evaluation of an alert rule `value > threshold` with a `for`: the times at which it fires.",
    function="firing",
    signature="def firing(times: list[int], values: list[float | None], threshold: float, hold: int) -> list[int]:",
    inputs=(
        "times: the seconds of the evaluations, ascending, not always evenly",
        "values: the series at each, None where it is missing",
        "hold: the seconds of `for`, 0 or more",
    ),
    outputs=("the times at which the alert fires, ascending",),
    edges=(
        "a value equal to the threshold is not above it",
        "it fires as soon as the condition has held for `hold` seconds since its first evaluation above, then included",
        "a missing value, like one that is not above, starts the wait again",
    ),
    baseline="All times above the threshold: then keep the time since which it holds.",
    trace=Trace(
        arguments=([0, 60, 120, 180], [2.0, 2.0, 0.0, 2.0], 1.0, 60),
        result=[60],
        way="Above since 0: at 60 it has held for 60 seconds and fires. At 120 it ends. At 180 it has held for 0.",
    ),
    tests={
        "no evaluations": "empty lists",
        "a noisy series": "40 evaluations of a series that crosses often",
        "exactly long enough": "a condition that holds exactly as long as `for`",
        "equal is not above": "values that equal the threshold",
        "no hold": "a `for` of 0",
        "one dip": "one value below in a long run",
        "a missing value": "a series with holes",
        "uneven evaluations": "evaluations at uneven times",
        "never": "a series that stays below",
    },
    hidden=_hidden,
    reference=REFERENCE,
    slips=(
        Slip(
            mistake="the hold has to be exceeded",
            changes=(("time - since >= hold", "time - since > hold"),),
            fails=("exactly long enough", "no hold"),
        ),
        Slip(
            mistake="a dip does not start the wait again",
            changes=(("            since = None\n            continue", "            continue"),),
            fails=("one dip",),
        ),
        Slip(
            mistake="a missing value is passed over",
            changes=(
                (
                    "if value is None or not value > threshold:",
                    "if value is None:\n            continue\n        if not value > threshold:",
                ),
            ),
            fails=("a missing value",),
        ),
        Slip(
            mistake="equal is above",
            changes=(("not value > threshold", "value < threshold"),),
            fails=("equal is not above",),
        ),
    ),
    point=Point(
        name="price of a long hold",
        says="A longer hold gives fewer false alarms and a later alert, so both have to be counted.",
        anchors=(
            ("hold", "for", "longer", "wait*"),
            ("false alarm*", "noise", "flap*"),
            ("late*", "delay*", "slow*", "miss*"),
        ),
        probe=Probe(
            ask="What does a longer `for` cost?",
            options=("More false alarms", "A later alert, and short outages that are missed", "Nothing"),
            right=1,
        ),
    ),
)
