"""What the audit is told of a score's use reaches the checks that ask for it."""

import numpy as np
import pandas as pd
import pytest

import heldout
from heldout.core.errors import BadInput
from heldout.core.finding import Certainty, Ending, Finding

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
