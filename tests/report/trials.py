"""Trials of briefs as reports get them."""

from heldout.core.brief_trial import BriefTrial, Flaw, FlawKind, Foretold, Phase, Readiness, Rung, Use
from heldout.core.estimate import Estimate, counted
from heldout.core.finding import Certainty, Finding, problem
from heldout.core.lift import Band, Lift, LiftScale, LiftTarget

TARGET = LiftTarget(scale=LiftScale.RELATIVE, minimum=0.02, target=0.05)


def rung(name: str, value: float, half: float, band: Band, *, likely: float = 0.9) -> Rung:
    lift = Lift(
        metric="roc_auc",
        scale=LiftScale.RELATIVE,
        estimate=Estimate(value=value, low=value - half, high=value + half, n=54211, method="t"),
        standard_error=half / 2,
        degrees_of_freedom=60.0,
        clusters=61,
        design_effect=40.0,
        largest_clusters_share=0.5,
        seeds=3,
        baseline_seeds=3,
        seed_variance=1e-6,
        candidate=Estimate(value=0.7, low=0.66, high=0.74, n=54211, method="t"),
        baseline=Estimate(value=0.62, low=0.58, high=0.66, n=54211, method="t"),
    )
    found = problem("No alert was tried.", Certainty.STRONG, to_do="Try them.")
    finding = Finding(code="MON005", name="own-tests-fail-or-missing", family="monitoring", answer=found)
    rest = (1 - likely) / 3
    return Rung(
        name=name,
        what=f"what {name} is",
        band=band,
        why=("The lift is what it is.",),
        lift=lift,
        reported=0.71,
        reproducibility="bitwise",
        axes={"architecture": counted(0.5, n=4), "monitoring": counted(1.0, n=6)},
        chances={one: likely if one is band else rest for one in Band},
        uses=(
            Use(what="wall time", used=12.0, limit=120.0, phase="train"),
            Use(what="CPU time", used=11.0, limit=60.0, phase="train"),
            Use(what="memory", used=None, limit=2048.0, phase="train"),
        ),
        findings=(finding,) if name == "mediocre" else (),
        seconds=80.0,
    )


def ready(**changed: object) -> BriefTrial:
    given = {
        "title": "Late arrivals",
        "brief_sha256": "ab" * 32,
        "readiness": Readiness.READY,
        "flaws": (),
        "target": TARGET,
        "metric": "roc_auc",
        "rungs": (
            rung("baseline", 0.0, 0.0, Band.FAIL, likely=1.0),
            rung("leaking", -0.19, 0.03, Band.FAIL, likely=1.0),
            rung("mediocre", -0.001, 0.002, Band.FAIL),
            rung("sound", 0.121, 0.06, Band.TARGET),
            rung("strong", 0.13, 0.058, Band.TARGET),
        ),
        "separated": 0.93,
        "resolves": 0.055,
        "power_at_target": 0.72,
        "foretold": (Foretold(name="target", true_lift=0.05, bands=dict.fromkeys(Band, 0.25), standard_error=0.01),),
        "measured": (Foretold(name="target", true_lift=0.05, bands=dict.fromkeys(Band, 0.25), standard_error=0.012),),
        "pilot_lift": 0.12,
        "phases": (Phase(name="train", steps=14, seconds=310.0), Phase(name="audit", steps=5, seconds=20.0)),
        "per_candidate": 80.0,
        "shared": 25.0,
        "notes": ("A note.",),
    }
    return BriefTrial(**(given | changed))  # type: ignore[arg-type]  # a test names fields


def to_mend(claim: str = "The mediocre reference passes.") -> BriefTrial:
    flaws = (
        Flaw(kind=FlawKind.SEPARATION, claim=claim, mend="raise lift.minimum above 0.06"),
        Flaw(kind=FlawKind.BUDGET, claim="Used 92 %.", mend="leave room", blocks=False),
        Flaw(kind=FlawKind.TELLS_LABELS, claim="Order tells.", mend="shuffle", seen="before", code="LEK006"),
    )
    return ready(readiness=Readiness.MEND, flaws=flaws)


def stopped() -> BriefTrial:
    """A trial that ended before anything was graded."""
    nothing = {"rungs": (), "separated": None, "resolves": None, "power_at_target": None, "measured": (), "phases": ()}
    nothing |= {"foretold": (), "pilot_lift": None, "per_candidate": None, "shared": None, "notes": ()}
    flaws = (Flaw(kind=FlawKind.OVERLAP, claim="Rows in both.", mend="split again", seen="before", code="keys"),)
    return ready(readiness=Readiness.MEND, flaws=flaws, **nothing)
