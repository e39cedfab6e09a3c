"""Three cards as a demo's grading could give them, and two verdicts of audits: invented numbers, real shapes."""

import hashlib
from dataclasses import replace

from heldout.core.card import Axis, Card, Price, RunRecord
from heldout.core.estimate import Estimate, Measure, counted, undefined
from heldout.core.finding import (
    Answer,
    Certainty,
    Ending,
    Finding,
    Witness,
    caution,
    clear,
    not_applicable,
    problem,
)
from heldout.core.lift import Band, Decision, Lift, LiftScale, LiftTarget
from heldout.core.monitoring_evidence import AlertTrial, Detected, DriftTrial, Mutant, OwnTests, TriedAlert
from heldout.core.price import Basis, FoundPrice, Priced, Refit, Unaffected
from heldout.core.verdict import Score, Verdict

__all__ = ["careful", "clean_verdict", "leaky", "leaky_verdict", "notebook", "priced_verdict", "recorded", "three"]

TARGET = LiftTarget(scale=LiftScale.RELATIVE, minimum=0.02, target=0.05)
ROWS = 53_718
DAYS = 61

FAMILIES = {
    "MET": "metric",
    "SPL": "split",
    "LEK": "leakage",
    "REP": "reproducibility",
    "ARC": "architecture",
    "MON": "monitoring",
    "DOC": "documentation",
    "COL": "collaboration",
}


def finding(code: str, name: str, answer: Answer, missing: tuple[str, ...] = ()) -> Finding:
    return Finding(code=code, name=name, family=FAMILIES[code[:3]], answer=answer, missing=missing)


def auc(value: float, half: float) -> Estimate:
    return Estimate(value=value, low=value - half, high=value + half, n=ROWS, method="clustered influence, t(60)")


def lift(value: float, half: float, candidate: float, *, seed_variance: float | None, coverage: float) -> Lift:
    return Lift(
        metric="roc_auc",
        scale=LiftScale.RELATIVE,
        estimate=Estimate(
            value=value, low=value - half, high=value + half, n=ROWS, method="paired, clustered by day, t(60)"
        ),
        standard_error=half / 2,
        degrees_of_freedom=58.4,
        clusters=DAYS,
        design_effect=13.8,
        largest_clusters_share=0.31,
        seeds=3,
        baseline_seeds=3,
        seed_variance=seed_variance,
        candidate=auc(candidate, 0.016),
        baseline=auc(0.6203, 0.015),
        coverage=Estimate(value=coverage, low=coverage - 0.01, high=coverage + 0.009, n=2000, method="simulated"),
    )


def axes(*answered: tuple[int, int]) -> tuple[Axis, ...]:
    """Return the three axes from (clear, answered) checks of each."""
    asked = {
        "architecture": (0.3, answered[0], ("ARC001", "ARC002", "ARC003")),
        "reproducibility": (0.4, answered[1], ("REP001", "REP002", "REP003")),
        "monitoring": (0.3, answered[2], ("MON001", "MON002")),
    }
    return tuple(
        Axis(
            name=name,
            weight=weight,
            score=counted(good / n, n=n),
            codes=codes,
            summary=f"{good} of {n} answered checks are clear.",
        )
        for name, (weight, (good, n), codes) in asked.items()
    )


def runs(name: str, *, train: tuple[str, ...], wall: float, reruns_differ: bool = False) -> tuple[RunRecord, ...]:
    build = ("uv", "pip", "install", "--offline", "--require-hashes", "-r", "requirements.lock")
    predict = ("python", "-m", "flights.predict")
    seeds = (1207, 88213, 40961)
    made = [run("build", None, build, wall * 0.3, 210.0, None)]
    made += [run("train", seed, train, wall, 842.5, digest(f"{name} model {seed}")) for seed in seeds]
    made += [run("predict", seed, predict, wall * 0.2, 611.0, digest(f"{name} {seed}")) for seed in seeds]
    last = made[-1]
    output = digest("other") if reruns_differ else last.output_sha256
    return (*made, replace(last, phase="rerun", output_sha256=output))


def run(
    phase: str, seed: int | None, command: tuple[str, ...], wall: float, megabytes: float, output: str | None
) -> RunRecord:
    return RunRecord(
        phase=phase,
        seed=seed,
        command=command,
        ending="finished",
        cause=None,
        wall_seconds=wall,
        cpu_seconds=wall * 0.97,
        peak_memory_mb=megabytes,
        output_sha256=output,
    )


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def shared_clear() -> tuple[Finding, ...]:
    return (
        finding("MET001", "no-interval", caution(
            "The submission reports its score without an interval.",
            to_do="Report the interval beside the score, clustered by day.",
        )),
        finding("SPL001", "not-after-train", clear(
            "Every test row is after the last train row.",
            measures=[Measure(name="test rows not after train", estimate=counted(0.0, n=ROWS), unit="share")],
        )),
        finding("SPL002", "entity-straddles-split", not_applicable("The brief names no entity but the day itself.")),
        finding("LEK001", "near-copy", clear("No feature equals the label or nearly does.")),
    )  # fmt: skip


def careful() -> Card:
    found = (
        *shared_clear(),
        finding("REP001", "rerun-class", clear(
            "Three reruns with the same seed gave the same bytes.",
            measures=[Measure(name="largest |Δprediction|", estimate=counted(0.0, n=3))],
        )),
        finding("REP002", "unpinned-environment", clear("All 23 requirements are pinned by hash.")),
        finding("REP003", "dockerfile-floating", clear(
            "The Dockerfile pins its base image by digest.",
            witnesses=[Witness(kind="file", where="Dockerfile", line=1, note="FROM python@sha256:…")],
        )),
        finding("ARC001", "notebook-as-program", clear("The program is a package with one entry point per phase.")),
        finding("ARC002", "import-cycle", clear("The 9 modules import each other without a cycle.")),
        finding("ARC003", "no-tests", clear("There are 31 tests, and CI runs them.")),
        finding("MON001", "no-alert-rules", caution(
            "There are alert rules for drift and latency, and none for CPU.",
            to_do="Add a rule on CPU seconds per prediction, with a promtool test.",
            witnesses=[Witness(kind="file", where="monitoring/alerts.yml", line=14, note="ArrivalDelayDrift")],
        )),
        finding("MON002", "rules-refused", clear("promtool 2.42 accepts both rule files.")),
        finding("DOC001", "readme-incomplete", clear("The README says how to train, predict, and what it assumes.")),
    )  # fmt: skip
    return Card(
        eval_title="Will the flight arrive 15 minutes late or more?",
        submission="careful",
        decision=Decision(
            band=Band.TARGET,
            reasons=(
                "Confidence that the lift is at least the minimum of +2 % is above .95.",
                "The estimated lift of +6.3 % reaches the target of +5 %.",
                "Its reproducibility class, bitwise, is at least the tolerance that the brief asks for.",
            ),
            at_minimum=0.99993,
        ),
        target=TARGET,
        lift=lift(0.0634, 0.0208, 0.6596, seed_variance=1.1e-6, coverage=0.943),
        metric="roc_auc",
        reported=0.664,
        reported_evaluation="October held out in time order, features known at the scheduled departure",
        supported=auc(0.6596, 0.0163),
        prices=(),
        axes=axes((3, 3), (3, 3), (1, 2)),
        findings=found,
        reproducibility="bitwise",
        isolation="L2: bubblewrap with a cgroup, a seccomp filter and a user of its own for every run",
        runs=runs("careful", train=("python", "-m", "flights.train", "--seed", "1207"), wall=21.4),
        hashes=hashes("careful"),
        volatile=("$.runs[*].wall_seconds", "$.runs[*].cpu_seconds", "$.runs[*].peak_memory_mb"),
    )


def leaky() -> Card:
    not_known = problem(
        "The model uses dep_delay, which is not known at the scheduled departure.",
        Certainty.PROVEN,
        to_do="Train without dep_delay; the brief lists the columns known at prediction time.",
        measures=[
            Measure(
                name="AUC without it, first in",
                estimate=Estimate(value=0.271, low=0.262, high=0.280, n=74_120, method="paired, clustered by day"),
            ),
            Measure(name="columns not known", estimate=counted(1, n=14), unit="columns"),
        ],
        witnesses=[
            Witness(kind="column", where="dep_delay", note="not in the brief's list of known columns"),
            Witness(kind="file", where="src/model/features.py", line=27, note='NUMERIC = ["dep_delay", "distance"]'),
        ],
    )
    split = problem(
        "The reported score comes from a random split, in which 100 % of the days are on both sides.",
        Certainty.STRONG,
        to_do="Hold out whole days after the last train day, as the brief does.",
        measures=[
            Measure(
                name="test rows whose day is in train",
                estimate=Estimate(value=0.9998, low=0.9991, high=1.0, n=61_033, method="Clopper-Pearson"),
                unit="share",
            )
        ],
        witnesses=[Witness(kind="file", where="src/model/evaluate.py", line=11, note="train_test_split(shuffle=True)")],
    )
    found = (
        finding("LEK004", "not-available", not_known),
        finding("SPL003", "random-split", split),
        *shared_clear(),
        finding("REP001", "rerun-class", clear("Three reruns with the same seed gave the same bytes.")),
        finding("REP002", "unpinned-environment", clear("All 19 requirements are pinned by hash.")),
        finding("REP003", "dockerfile-floating", problem(
            "The Dockerfile's base image floats.",
            Certainty.PROVEN,
            to_do="Pin the base image by digest.",
            witnesses=[Witness(kind="file", where="Dockerfile", line=1, note="FROM python:latest")],
        )),
        finding("ARC001", "notebook-as-program", clear("The program is a package with one entry point per phase.")),
        finding("ARC002", "import-cycle", clear("The 6 modules import each other without a cycle.")),
        finding("ARC003", "no-tests", caution("There are two tests, and nothing runs them.")),
        finding("MON001", "no-alert-rules", problem(
            "There are no alert rules.",
            Certainty.PROVEN,
            to_do="Add rules for drift, latency and CPU.",
        )),
        finding("MON002", "rules-refused", not_applicable("There are no rules to judge.")),
        finding("DOC001", "readme-incomplete", Answer(
            ending=Ending.CRASHED,
            claim="The check crashed: UnicodeDecodeError: invalid start byte",
            to_do="Report this as a defect of Heldout.",
        )),
    )  # fmt: skip
    return replace(
        careful(),
        submission="leaky",
        decision=Decision(
            band=Band.FAIL,
            reasons=("Confidence that the lift is below the minimum of +2 % is above .95.",),
            at_minimum=0.00001,
        ),
        lift=lift(-0.0745, 0.0352, 0.5741, seed_variance=2.4e-6, coverage=0.938),
        reported=0.912,
        reported_evaluation="random 80/20 split of January to September",
        supported=auc(0.5741, 0.0181),
        prices=(
            Price(
                what="column dep_delay",
                certainty="proven",
                first_in=Estimate(value=0.271, low=0.262, high=0.280, n=74_120, method="paired, clustered by day"),
                last_in=Estimate(value=0.255, low=0.246, high=0.264, n=71_050, method="paired, clustered by day"),
            ),
            Price(
                what="random split",
                certainty="strong",
                first_in=undefined("first-in and last-in rows differ", n=71_050, method="rerun", value=0.021),
                last_in=undefined("first-in and last-in rows differ", n=71_050, method="rerun", value=0.012),
            ),
        ),
        axes=axes((2, 3), (2, 3), (0, 1)),
        findings=found,
        runs=runs("leaky", train=("python", "-m", "model.train"), wall=12.8),
        hashes=hashes("leaky"),
    )


def notebook() -> Card:
    found = (
        *shared_clear(),
        finding("REP001", "rerun-class", problem(
            "Reruns with the same seed differ by up to 0.21 in a prediction; the brief asks for 0.001.",
            Certainty.PROVEN,
            to_do="Seed every source of randomness from HELDOUT_SEED.",
            measures=[Measure(name="largest |Δprediction|", estimate=counted(0.2113, n=5))],
            witnesses=[Witness(kind="rows", where="50211, 50347, 61002", note="the three largest differences")],
        )),
        finding("REP002", "unpinned-environment", problem(
            "1 of 8 requirements is not pinned by hash.",
            Certainty.PROVEN,
            to_do="Lock it: uv pip compile --generate-hashes.",
            measures=[Measure(name="requirements without a hash", estimate=counted(1, n=8), unit="files")],
            witnesses=[Witness(kind="file", where="requirements.txt", line=4, note="lightgbm>=4")],
        )),
        finding("REP003", "dockerfile-floating", problem("No Dockerfile found.", Certainty.PROVEN, to_do="Add one.")),
        finding("ARC001", "notebook-as-program", problem(
            "The program is a notebook whose cells were last run out of order.",
            Certainty.PROVEN,
            to_do="Move what train and predict need into modules.",
            witnesses=[Witness(kind="file", where="model.ipynb", line=1, note="cells ran in the order 3, 1, 7, 2")],
        )),
        finding("ARC002", "import-cycle", not_applicable("There are no modules.")),
        finding("ARC003", "no-tests", problem("There are no tests.", Certainty.PROVEN, to_do="Test the features.")),
        finding("MON001", "no-alert-rules", problem("There are no alert rules.", Certainty.PROVEN, to_do="Add rules.")),
        finding("MON002", "rules-refused", Answer(
            ending=Ending.NO_EVIDENCE, claim="Not asked, for lack of: rules verdict."
        ), missing=("rules_verdict",)),
        finding("DOC001", "readme-incomplete", caution("The README does not say what was assumed.")),
    )  # fmt: skip
    lifted = lift(0.1342, 0.0281, 0.7035, seed_variance=None, coverage=0.941)
    return replace(
        careful(),
        submission="notebook",
        decision=Decision(
            band=Band.FAIL,
            reasons=("Its reproducibility class, fails, is below the tolerance that the brief asks for.",),
            at_minimum=0.99999,
        ),
        lift=replace(lifted, seeds=1),
        reported=0.71,
        reported_evaluation="cross-validation by day",
        supported=auc(0.7035, 0.0152),
        axes=axes((0, 2), (0, 3), (0, 1)),
        findings=found,
        reproducibility="fails",
        runs=runs("notebook", train=("jupyter", "nbconvert", "--execute", "model.ipynb"), wall=6.1, reruns_differ=True),
        hashes=hashes("notebook"),
    )


def hashes(name: str) -> dict[str, str]:
    shared = {what: digest(what) for what in ("brief", "data")}
    return shared | {what: digest(f"{what} {name}") for what in ("commit", "environment", "predictions")}


def three() -> tuple[Card, Card, Card]:
    return careful(), leaky(), notebook()


def leaky_verdict() -> Verdict:
    return Verdict(
        title="hotel_bookings.csv",
        findings=(
            finding("LEK001", "near-copy", problem(
                "reservation_status gives the label away: it equals is_canceled in every row.",
                Certainty.PROVEN,
                to_do="Leave reservation_status out: it is written after the booking ends.",
                measures=[
                    Measure(
                        name="AUC of the column alone",
                        estimate=Estimate(value=1.0, low=0.9998, high=1.0, n=119_390, method="DeLong"),
                        unit="AUC",
                    )
                ],
                witnesses=[Witness(kind="column", where="reservation_status", note="Canceled, Check-Out, No-Show")],
            )),
            finding("LEK002", "mass-point-purity", problem(
                "deposit_type = Non Refund is nearly pure: 99.4 % of its rows are cancelled.",
                Certainty.SUSPECT,
                to_do="Ask when deposit_type is written.",
                measures=[
                    Measure(
                        name="share cancelled",
                        estimate=Estimate(value=0.9936, low=0.9921, high=0.9948, n=14_587, method="Clopper-Pearson"),
                        unit="share",
                    )
                ],
            )),
            finding("SPL004", "copies", clear(
                "Test rows copy train rows no more often than train rows copy each other.",
                measures=[
                    Measure(
                        name="copies above chance",
                        estimate=Estimate(value=0.0021, low=-0.004, high=0.0082, n=23_878, method="score"),
                        unit="share",
                    )
                ],
            )),
            finding("SPL001", "not-after-train", Answer(
                ending=Ending.NO_EVIDENCE, claim="Not asked, for lack of: time order."
            ), missing=("time",)),
            finding("MET001", "no-interval", caution(
                "The score is reported without an interval.",
                measures=[Measure(name="design effect", estimate=undefined("no clusters", n=0, method="clusters"))],
            )),
        ),
        score=Score(
            metric="roc_auc",
            reported=0.97,
            supported=Estimate(value=0.812, low=0.794, high=0.830, n=23_878, method="refit, bootstrap by booking"),
            headline="Tables alone: the supported score is an estimate by a stated proxy, not your model's.",
        ),
        facts={"rows": "119,390", "columns": "31", "target": "is_canceled", "split": "one table, 80/20 by row"},
    )  # fmt: skip


def priced_verdict() -> Verdict:
    """The leaky verdict with a refit: two columns that tell the same, and a split."""

    def auc(value: float, half: float) -> Estimate:
        return Estimate(value=value, low=value - half, high=value + half, n=30_000, method="refit")

    def priced(what: str, code: str, first: float, last: float, mean: float) -> Priced:
        return Priced(
            what=what,
            codes=(code,) if code else (),
            certainty=Certainty.PROVEN if code else None,
            first_in=auc(first, 0.004),
            last_in=auc(last, 0.006),
            shapley=mean,
        )

    refit = Refit(
        model="gradient boosting of at most 100 rounds",
        is_proxy=True,
        metric="roc_auc",
        higher_is_better=True,
        given_split="5 random folds, as no split was given",
        valid_split="train before test by arrival_date",
        as_given=auc(0.985, 0.002),
        supported=auc(0.812, 0.018),
        price=auc(0.173, 0.017),
        if_suspects_too=auc(0.801, 0.019),
        prices=(
            priced("without reservation_status", "LEK001", 0.012, 0.064, 0.074),
            priced("without reservation_status_date", "LEK004", 0.004, 0.057, 0.061),
            priced("train before test by arrival_date", "", 0.010, 0.061, 0.038),
        ),
        suspects=("without deposit_type",),
        not_priced=("each agent on one side (SPL013): there are fewer than two groups",),
        rows=119_390,
        fitted_rows=30_000,
        clusters="clustered by day of arrival_date",
        refits=9,
        seed=0,
        notes=("All scores are of the last 20% of the rows in time.",),
        found=(
            FoundPrice(
                what="each name without its last part on one side",
                codes=("SPL005",),
                as_given=auc(0.93, 0.01),
                mended=auc(0.91, 0.01),
                price=auc(0.02, 0.01),
                after_all=auc(0.031, 0.012),
                clusters="clustered by the group that is kept together",
            ),
        ),
    )
    verdict = leaky_verdict()
    assert verdict.score is not None
    unaffected = Unaffected(
        everywhere=auc(0.97, 0.004),
        elsewhere=auc(0.951, 0.006),
        kept=0.73,
        prevalence_before=0.37,
        prevalence_after=0.28,
        clusters="rows taken as independent",
    )
    score = replace(verdict.score, supported=refit.supported, basis=Basis.PROXY, refit=refit, unaffected=unaffected)
    return replace(verdict, score=score)


def clean_verdict() -> Verdict:
    return Verdict(title="iris.csv", findings=(finding("LEK001", "near-copy", clear("No feature equals the label.")),))


def recorded(text: str = "") -> Card:
    """Return the careful card with a record, replies and both trials; `text` stands in everything that others write."""
    card = careful()
    silence = problem(f"Updates were 14 waking hours apart{text}.", Certainty.SUSPECT, to_do="Say what was done.")
    work = (
        finding("COL001", "updates-have-gaps", silence),
        finding("COL002", "history-rewritten", clear("No pushed commit was taken back.")),
    )
    alerts = (
        *(tried(f"{name}High{text}", name, (name, 600.0)) for name in ("drift", "latency", "CPU")),
        replace(tried(f"Odd{text}", "other"), unclear=f"its metric has no name{text}"),
    )
    mutants = (
        Mutant(path="alerts.yml", alert=f"driftHigh{text}", change="deleted", killed=True, is_deletion=True),
        Mutant(path="alerts.yml", alert=f"CPUHigh{text}", change=f"threshold 0.9 made 9{text}", killed=False),
    )
    return replace(
        card,
        findings=(*card.findings, *work),
        collaboration=Axis(
            name="collaboration", weight=0.0, score=counted(0.5, n=2), codes=("COL001", "COL002"), summary=text
        ),
        record={"handed in": f"in time{text}", "updates": "3, due every 10 waking hours"},
        replies=(f"COL001: the gap was a train ride{text}",),
        alert_trial=AlertTrial(
            judge=f"promtool 2.42.0{text}",
            alerts=alerts,
            own_tests=(OwnTests(path=f"test.yml{text}", loads=(), missing=(), passed=True, why=text),),
            copies=(),
            mutants=mutants,
            refused=(f"old.yml{text}",),
        ),
        drift_trial=DriftTrial(
            rows_per_day=700,
            reference_rows=70_000,
            columns=7,
            episode_days=5,
            clean_days=60,
            false_alarms=2,
            allowed_per_day=1 / 30,
            smallest_shift=0.25,
            detected=tuple(
                Detected(size=size, days=80, alarms=5 * found, episodes=16, found=found, delays=(1,) * found)
                for size, found in ((0.25, 3), (0.5, 11), (1.0, 16))
            ),
        ),
    )


def tried(name: str, purpose: str, *fired: tuple[str, float]) -> TriedAlert:
    return TriedAlert(path="alerts.yml", alert=name, purpose=purpose, told_by="its name", fired=fired, allowed=1200.0)
