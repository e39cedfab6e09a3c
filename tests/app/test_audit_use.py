"""What the audit is told of a score's use reaches the checks that ask for it."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import accuracy_score, f1_score, precision_score

import heldout
from heldout.core.errors import BadInput
from heldout.core.finding import Certainty, Ending, Finding
from heldout.core.verdict import Score

ROWS = 3000


@pytest.fixture
def rows() -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Train and test rows with a feature and a ward, and calibrated scores of the test rows."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=2 * ROWS)
    chance = 1 / (1 + np.exp(2 - 1.5 * x))
    ward = rng.choice(["east", "north", "west"], 2 * ROWS)
    table = pd.DataFrame({"x": x, "ward": ward, "y": (rng.random(2 * ROWS) < chance).astype(int)})
    return table[:ROWS], table[ROWS:], pd.DataFrame({"score": chance[ROWS:]})


def found(rows: tuple[pd.DataFrame, ...], code: str, **options: object) -> Finding:
    train, test, scores = rows
    options = {"predictions": scores, **options}
    verdict = heldout.audit(train, test=test, target="y", select=[code], **options)
    return verdict.findings[0]


def scored(rows: tuple[pd.DataFrame, ...], **options: object) -> Score:
    train, test, scores = rows
    score = heldout.audit(train, test=test, target="y", predictions=scores, **options).score
    assert score is not None
    return score


def test_predictions_alone_reach_baseline_positives_and_use(rows):
    assert found(rows, "MET004").ending is Ending.CLEAR
    assert found(rows, "MET005").ending in (Ending.CLEAR, Ending.CAUTION)
    assert found(rows, "MET003").ending is Ending.NOT_APPLICABLE
    noise = rows[2].sample(frac=1, random_state=0)
    assert found((*rows[:2], noise), "MET004", predictions=noise).ending is not Ending.CLEAR


def test_a_single_column_that_beats_the_score_is_found_in_the_train_table(rows):
    rng = np.random.default_rng(1)
    weak = pd.DataFrame({"score": 1 / (1 + np.exp(-(rows[1]["x"].to_numpy() + 3 * rng.normal(size=ROWS))))})
    finding = found(rows, "MET004", predictions=weak)
    assert finding.certainty is Certainty.SUSPECT
    assert finding.answer.claim.startswith("x alone orders the rows better")


def test_calibration_is_asked_where_the_metric_or_the_use_takes_probabilities(rows):
    raw = pd.DataFrame({"score": np.sqrt(rows[2]["score"])})
    assert found(rows, "MET007").ending is Ending.NOT_APPLICABLE
    assert found(rows, "MET007", metric="brier").ending is not Ending.PROBLEM
    assert found(rows, "MET007", metric="brier", predictions=raw).certainty is Certainty.SUSPECT
    assert found(rows, "MET007", costs=(1.0, 9.0), predictions=raw).certainty is Certainty.SUSPECT
    assert found(rows, "MET007", needs_probability=True, predictions=raw).certainty is Certainty.SUSPECT


def test_what_the_score_is_for_is_held_against_its_metric(rows):
    assert found(rows, "MET003", capacity=50).certainty is Certainty.SUSPECT
    assert found(rows, "MET003", costs=(1.0, 9.0)).certainty is Certainty.SUSPECT
    assert found(rows, "MET003", metric="log_loss", needs_probability=True).ending is Ending.CLEAR
    assert found(rows, "MET003", predictions=None, reported=0.8, metric="accuracy").ending is Ending.CLEAR
    assert found(rows, "MET003", predictions=None).ending is Ending.NO_EVIDENCE


def test_slices_are_those_of_the_test_rows_with_a_target(rows):
    assert found(rows, "MET006").ending is Ending.NO_EVIDENCE
    train, test, scores = rows
    is_north = (test["ward"] == "north").to_numpy()
    rng = np.random.default_rng(2)
    broken = pd.DataFrame({"score": np.where(is_north, rng.random(ROWS), scores["score"])})
    gone = test.assign(y=test["y"].astype(float).where(rng.random(ROWS) < 0.95))
    finding = found((train, gone, broken), "MET006", slices=["ward"], predictions=broken)
    assert finding.certainty is Certainty.SUSPECT
    assert "where ward is north" in finding.answer.claim
    with pytest.raises(BadInput, match="different values"):
        found(rows, "MET006", slices=["x"])
    with pytest.raises(BadInput, match="no slice column 'wards'"):
        found(rows, "MET006", slices=["wards"])


def test_a_threshold_is_put_to_the_test_rows(rows):
    assert found(rows, "MET008", threshold=0.5, threshold_chosen_on="test").certainty is Certainty.PROVEN
    assert found(rows, "MET008", threshold=0.5).ending is Ending.CLEAR
    with pytest.raises(BadInput, match="the threshold is nan"):
        found(rows, "MET008", threshold=float("nan"))


@pytest.mark.parametrize(("metric", "oracle"), [("accuracy", accuracy_score), ("f1", f1_score)])
def test_a_metric_of_calls_is_scored_at_the_threshold_and_the_headline_says_which(rows, metric, oracle):
    y, scores = rows[1]["y"], rows[2]["score"]
    given = scored(rows, metric=metric, threshold=0.3)
    assert given.metric == f"{metric}@0.3"
    assert given.supported.value == pytest.approx(oracle(y, scores >= 0.3))
    assert "at the threshold 0.3" in given.headline
    plain = scored(rows, metric=metric)
    assert plain.supported.value == pytest.approx(oracle(y, scores >= 0.5))
    assert "at 0.5, as no threshold was given" in plain.headline
    assert "threshold" not in scored(rows, metric="roc_auc", threshold=0.3).headline


def test_a_threshold_in_the_metrics_name_is_the_threshold(rows):
    named = scored(rows, metric="precision@0.3")
    assert named.supported.value == pytest.approx(precision_score(rows[1]["y"], rows[2]["score"] >= 0.3))
    assert named == scored(rows, metric="precision", threshold=0.3)
    assert found(rows, "MET008", metric="f1@0.3").ending is Ending.CLEAR
    with pytest.raises(BadInput, match=r"two thresholds, 0\.3 and 0\.4"):
        scored(rows, metric="precision@0.3", threshold=0.4)
    with pytest.raises(BadInput, match=r"there is no metric 'roc_auc@0\.3'"):
        scored(rows, metric="roc_auc@0.3")


def test_every_check_of_predictions_takes_a_metric_at_a_threshold(rows):
    train, test, scores = rows
    options = {"slices": ["ward"], "reported": 0.6, "metric": "accuracy", "threshold": 0.3, "capacity": 900}
    verdict = heldout.audit(train, test=test, target="y", predictions=scores, select=["MET"], **options)
    assert not [finding for finding in verdict.findings if finding.ending is Ending.CRASHED]
    assert found(rows, "MET004", metric="accuracy", threshold=0.3).answer.claim.count("always predicting 0") == 1


def test_a_threshold_chosen_on_the_test_rows_leaves_a_score_that_has_no_threshold(rows):
    chosen = {"threshold": 0.3, "threshold_chosen_on": "test"}
    auc = scored(rows, metric="roc_auc", **chosen)
    assert auc.supported == scored(rows, metric="roc_auc").supported
    assert "No threshold enters roc_auc" in auc.headline
    called = scored(rows, metric="f1", **chosen)
    assert called.supported is None
    assert "refit" not in called.headline
    assert "by cross-fitting" in called.headline
    assert "chosen on other rows" in called.headline
    assert "by cross-fitting" not in scored(rows, metric="recall", **chosen).headline


def test_a_score_worse_than_a_constant_is_still_what_was_measured(rows):
    turned = (*rows[:2], 1 - rows[2])
    train, test, scores = turned
    verdict = heldout.audit(train, test=test, target="y", predictions=scores)
    assert next(finding for finding in verdict.findings if finding.code == "MET004").certainty is Certainty.STRONG
    assert verdict.score.supported.value < 0.5


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"capacity": 0}, "the capacity is 0"),
        ({"capacity": 1_000_000}, "the capacity is 1,000,000, of 3,000 rows"),
        ({"costs": (0.0, 1.0)}, "the costs are 0 and 1"),
        ({"threshold_chosen_on": "test"}, "and no threshold"),
        ({"threshold": float("inf")}, "the threshold is inf"),
        ({"slices": ["wards"]}, "no slice column 'wards'"),
    ],
)
def test_a_bad_use_is_refused_before_anything_is_profiled(rows, options, said):
    train, test, scores = rows
    steps: list[str] = []
    with pytest.raises(BadInput, match=said):
        heldout.audit(train, test=test, target="y", predictions=scores, progress=steps.append, **options)
    assert not [step for step in steps if step.startswith("profiling")]


def test_a_capacity_has_a_clean_answer_by_what_looks_at_the_top(rows):
    assert found(rows, "MET003", capacity=50, metric="pr_auc").ending is Ending.CLEAR
    assert found(rows, "MET003", capacity=50, metric="average_precision").ending is Ending.CLEAR
    called = int((rows[2]["score"] >= 0.8).sum())
    assert found(rows, "MET003", capacity=called, metric="precision", threshold=0.8).ending is Ending.CLEAR
    beyond = found(rows, "MET003", capacity=called - 1, metric="recall", threshold=0.8)
    assert beyond.certainty is Certainty.SUSPECT
    assert f"{called:,} rows are called" in beyond.answer.claim


@pytest.mark.parametrize("use", [{"capacity": 50}, {"costs": (1.0, 9.0)}, {"needs_probability": True}])
def test_a_regression_is_not_asked_what_calls_and_probabilities_are(rows, use):
    train, test, _ = rows
    options = {"predictions": pd.DataFrame({"score": test["x"] * 0}), "select": ["MET003"], **use}
    (finding,) = heldout.audit(train, test=test, target="x", **options).findings
    assert finding.ending is Ending.NOT_APPLICABLE
    assert "probab" not in finding.answer.claim
    assert "precision" not in finding.answer.claim


@pytest.mark.parametrize("entity", [None, "who"])
def test_a_forecast_is_held_against_the_value_before(entity):
    rng = np.random.default_rng(3)
    who, day = np.repeat(["a", "b"], 400), np.tile(np.arange(400), 2)
    walk = np.concatenate([np.cumsum(rng.normal(size=400)), 50 + np.cumsum(rng.normal(size=400))])
    table = pd.DataFrame({"who": who, "day": day, "x": rng.normal(size=800), "y": walk}).sample(frac=1, random_state=0)
    train, test = table[table["day"] < 200], table[table["day"] >= 200]

    def asked(error: float) -> Finding:
        scores = pd.DataFrame({"score": test["y"] + rng.normal(0, error, len(test))})
        options = {"time": "day", "entity": entity, "select": ["MET004"]}
        return heldout.audit(train, test=test, target="y", predictions=scores, **options).findings[0]

    if entity is None:  # then the mean of both at the day before, which is no use for either
        assert asked(2.0).ending is Ending.CLEAR
    else:
        dense = asked(2.0)
        assert dense.ending is Ending.CAUTION  # two entities are two clusters
        named = [measure for measure in dense.answer.measures if "the day before of the same who" in measure.name]
        assert named[0].estimate.value < -0.5
