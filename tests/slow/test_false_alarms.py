"""How often an audit of a clean world says `strong` or `proven`: at most ALPHA is promised."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from benchmarks.worlds.cells import audited, jobs
from tests.worlds import profiled

from heldout.core.error_control import ALPHA
from heldout.core.evidence import CopyOverlap, DecisionContext, Predictions, ReportedThreshold, Slices
from heldout.core.finding import Certainty
from heldout.engine import catalog, run
from heldout.faults.metric import PLANTERS
from heldout.faults.planter import Table
from heldout.stats import clopper_pearson

AUDITS = 1000
WHOLE_AUDITS = 240
MOST_ASKING = 0.15  # of clean audits, those with a suspect: people switch off what asks of every table
MOST_CAUTIONING = 0.5


def clean_table(rng: np.random.Generator) -> Table:
    """A table that tempts: a column of AUC .96, gaps that lean, masses as pure as innocent ones get, ties, ids."""
    rows = int(rng.choice([200, 1000, 4000]))
    label = (rng.random(rows) < rng.choice([0.03, 0.2, 0.5])).astype(int)
    label[:2] = 0, 1
    base = label.mean()
    odds = 0.07 / 0.93 * base / (1 - base)
    in_mass = rng.random(rows) < np.where(label == 1, 0.5, 0.5 * odds)  # of its rows 93 % are positive
    columns = {
        "row": np.array([f"r{i}" for i in rng.permutation(rows)]),
        "good": rng.normal(2.48 * label),
        "ties": rng.poisson(1 + 2 * label),
        "leaning gaps": np.where(rng.random(rows) < 0.2 + 0.4 * label, np.nan, rng.normal(size=rows)),
        "nearly pure gaps": np.where(in_mass, rng.normal(size=rows), np.nan),
        "nearly pure zeros": np.where(in_mass, np.abs(rng.normal(size=rows)) + 0.1, 0.0),
        "nearly pure level": np.where(in_mass, "yes", rng.choice(["no", "unknown"], rows)),
        "flag": np.where(rng.random(rows) < 0.88, label, 1 - label),
        "noise": rng.normal(size=rows),
        "coin": rng.choice(["a", "b"], rows),
    }
    return Table(columns={**columns, "label": label}, target="label")


def clean_split(rng: np.random.Generator) -> CopyOverlap:
    """A random split of a table of which up to a third stands in it twice or more."""
    rows = int(rng.choice([400, 2000, 10_000]))
    different = int(rows * rng.uniform(0.65, 1))
    content = np.concatenate([np.arange(different), rng.integers(0, different, rows - different)])
    content = rng.permutation(content)
    test, train = np.split(content, [int(rows * rng.choice([0.2, 0.5]))])
    in_train = np.bincount(train, minlength=different)
    return CopyOverlap(
        with_label=True,
        test_rows=test.size,
        shared_rows=int((in_train[test] > 0).sum()),
        reference_rows=train.size,
        reference_shared=int((in_train[train] > 1).sum()),
        by_class={},
        examples=(),
    )


def clean_lift(rng: np.random.Generator, seed: int) -> dict[str, object]:
    """A lift whose truth is the minimum itself, the hardest clean case."""
    world = PLANTERS["MET002"][0].build(seed, 0.0)
    lift, target = world["lift"], world["target"]
    value = lift.estimate.value - (target.target - target.minimum)
    return {"lift": replace(lift, estimate=replace(lift.estimate, value=value, low=value - 1)), "target": target}


def clean_scores(rng: np.random.Generator) -> dict[str, object]:
    """Scores at the edge: they take a hundredth off a constant's error, and a rival's take nothing off."""
    rows = int(rng.choice([400, 2000, 10_000]))
    label, site = (rng.random(rows) < rng.choice([0.1, 0.4])).astype(float), rng.integers(0, 3, rows)
    cluster = rng.integers(0, rows // 8, rows)
    score, other = (1 / (1 + np.exp(-rng.normal(signal * label))) for signal in (0.0177, 0.0))  # AUC .505 and .5
    return {
        "predictions": Predictions(metric="roc_auc", label=label, score=score, cluster=cluster),
        "rival": Predictions(metric="roc_auc", label=label, score=other, cluster=cluster),
        "slices": Slices(codes={"site": site}, names={"site": ("north", "east", "south")}),
        "threshold": ReportedThreshold(value=0.5),
        "decision": DecisionContext(metric="roc_auc", capacity=rows // 2),
    }


@pytest.mark.slow
def test_an_audit_of_a_clean_world_hardly_ever_says_strong(capsys):
    checks = [check for check in catalog() if check.family in ("metric", "split", "leakage")]
    alarms: Counter[str] = Counter()
    audits_with_alarm = 0
    for seed in range(AUDITS):
        rng = np.random.default_rng(seed)
        evidence = {"profile": profiled(clean_table(rng)), "copies": clean_split(rng), **clean_lift(rng, seed)}
        evidence |= clean_scores(rng)
        codes = {finding.code for finding in run(checks, evidence) if finding.is_problem_at(Certainty.STRONG)}
        alarms.update(codes)
        audits_with_alarm += bool(codes)
    share = clopper_pearson(audits_with_alarm, AUDITS, 0.95, "upper")
    with capsys.disabled():
        print(
            f"\n{audits_with_alarm} of {AUDITS} clean audits say strong or proven: {share.value:.2%}, "
            f"at most {share.high:.2%} at 95 % (promised {ALPHA:.0%}); by check: {dict(alarms)}"
        )
    assert share.high <= ALPHA


@pytest.mark.slow
def test_whole_audits_of_clean_tables_say_nothing_strong_and_ask_little(capsys):
    worlds = [place for _, _, place in jobs() if place[0] <= 20_000 and place[1] <= 40][:WHOLE_AUDITS]
    results = [audited(place) for place in worlds]
    asking, cautioning = (sum(bool(result[what]) for result in results) for what in ("suspects", "cautions"))
    with capsys.disabled():
        print(f"\nof {len(results)} whole audits {asking} have a suspect and {cautioning} a caution")
    assert [alarm for result in results for alarm in result["alarms"]] == []
    assert [crash for result in results for crash in result["crashed"]] == []
    assert asking <= MOST_ASKING * len(results)
    assert cautioning <= MOST_CAUTIONING * len(results)
