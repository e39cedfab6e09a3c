"""The test for a sample ratio mismatch of two arms."""

from random import Random

from scipy import special

from heldout.practice.blank.task import Case, Slip, Task, Trace
from heldout.practice.drill import Family
from heldout.practice.point import Point, Probe

__all__ = ["TASK"]

REFERENCE = """
import math

def p_value(control, treatment, share):
    total = control + treatment
    if total == 0 or not 0 < share < 1:
        return None
    wanted_treatment = total * share
    wanted_control = total * (1 - share)
    square = (control - wanted_control) ** 2 / wanted_control + (treatment - wanted_treatment) ** 2 / wanted_treatment
    return math.erfc(math.sqrt(square / 2))
"""


def oracle(control: int, treatment: int, share: float) -> float | None:
    """Return the upper tail of chi-squared with one degree of freedom, from the squared z-score of the share."""
    total = control + treatment
    if total == 0 or not 0 < share < 1:
        return None
    return float(special.chdtrc(1, (treatment - total * share) ** 2 / (total * share * (1 - share))))


def _hidden(seed: int) -> tuple[Case, ...]:
    rng = Random(seed)
    calls = [
        ("no users", 0, 0, 0.5),
        ("a share outside", 10, 10, 0.0),
        ("a share outside", 10, 10, 1.0),
        ("an exact split", 500, 500, 0.5),
        ("half and half", rng.randrange(4_800, 4_900), rng.randrange(5_000, 5_100), 0.5),
        ("a tenth", rng.randrange(9_000, 9_100), rng.randrange(1_040, 1_100), 0.1),
        ("an empty arm", 30, 0, 0.5),
        ("one user", 1, 0, 0.5),
        ("either direction", 5_200, 5_000, 0.5),
        ("either direction", 5_000, 5_200, 0.5),
        ("millions", 1_000_000, 1_004_000, 0.5),
    ]
    return tuple(Case(test=t, arguments=(a, b, c), wanted=oracle(a, b, c), tolerance=1e-8) for t, a, b, c in calls)


TASK = Task(
    family=Family.EXPERIMENTS,
    name="sample-ratio-test",
    title="The test for a sample ratio mismatch",
    statement="Write the p-value of the chi-squared test that two arms have the planned ratio.",
    function="p_value",
    signature="def p_value(control: int, treatment: int, share: float) -> float | None:",
    inputs=("control, treatment: users counted in each arm", "share: the planned share of the treatment"),
    outputs=("the p-value: the chance of a χ² (one degree of freedom) at least as large; math.erfc(√(χ² / 2))",),
    edges=("no users at all: None", "a share that is not between 0 and 1: None", "an empty arm is counted as 0 users"),
    baseline="The difference of the observed share from the planned one: then divide by what chance explains.",
    trace=Trace(
        arguments=(40, 60, 0.5),
        result=0.04550026389635842,
        way="Wanted are 50 and 50; χ² = 10² / 50 + 10² / 50 = 4; √(4 / 2) = 1.414; erfc(1.414) = 0.0455.",
    ),
    tests={
        "no users": "two empty arms",
        "a share outside": "a planned share of 0 or of 1",
        "an exact split": "counts that are exactly as planned",
        "half and half": "an uneven split that was planned as half and half",
        "a tenth": "a treatment planned for a tenth of the users",
        "an empty arm": "an arm without users",
        "one user": "one user in all",
        "either direction": "too many users in the one arm or in the other",
        "millions": "a small mismatch among two million users",
    },
    hidden=_hidden,
    reference=REFERENCE,
    slips=(
        Slip(
            mistake="the arms are always planned half and half",
            changes=(("total * share", "total * 0.5"), ("total * (1 - share)", "total * 0.5")),
            fails=("a tenth",),
        ),
        Slip(
            mistake="one arm is left out of χ²",
            changes=(("(control - wanted_control) ** 2 / wanted_control + ", ""),),
            fails=("half and half", "millions"),
        ),
        Slip(mistake="no users are not looked for", changes=(("total == 0 or ", ""),), fails=("no users",)),
        Slip(
            mistake="only too many users in the treatment count",
            changes=(
                (
                    "return math.erfc(math.sqrt(square / 2))",
                    "return math.erfc(math.sqrt(square / 2)) if treatment > wanted_treatment else 1.0",
                ),
            ),
            fails=("either direction", "an empty arm"),
        ),
    ),
    point=Point(
        name="a mismatch stops the analysis",
        says="With a mismatch no metric of the experiment may be read until the assignment is mended.",
        anchors=(("mismatch", "srm", "ratio"), ("metric*", "result*", "analysis", "effect*", "experiment")),
        denied=True,
        probe=Probe(
            ask="With a mismatch, may the metrics be read?",
            options=("Yes", "No, not until its cause is known", "Only the significant ones"),
            right=1,
        ),
    ),
)
