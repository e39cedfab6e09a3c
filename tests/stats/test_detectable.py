from dataclasses import replace

import numpy as np
import pytest

from heldout.core.lift import LiftScale, LiftTarget
from heldout.faults.metric import PLANTERS
from heldout.stats import BadSample, lift_power, score_estimate
from heldout.stats.detectable import POWER, detectable_beside, detectable_lift

LIFT = PLANTERS["MET002"][0].build(0, 0.0)["lift"]


def test_a_lift_so_far_above_the_minimum_is_found_with_the_power_that_is_named():
    for confidence in (0.9, 0.95):
        told = detectable_lift(LIFT, confidence=confidence).value
        target = LiftTarget(scale=LIFT.scale, minimum=0.02, target=0.02 + told, confidence=confidence)
        found = lift_power(LIFT.standard_error, 0.02 + told, target, LIFT.degrees_of_freedom)
        assert found == pytest.approx(POWER, abs=0.005)


def test_the_interval_is_that_of_the_standard_error():
    rng = np.random.default_rng(0)
    covered = 0
    for _ in range(400):
        error = rng.normal(size=21).std(ddof=1) / 21**0.5
        told = detectable_lift(replace(LIFT, standard_error=error, degrees_of_freedom=20.0), level=0.9)
        truth = told.value / error / 21**0.5
        covered += told.low <= truth <= told.high
    assert 0.86 < covered / 400 < 0.94


def rows(n=4000, positives=400):
    rng = np.random.default_rng(1)
    label = (np.arange(n) < positives).astype(float)
    return label, rng.normal(label)


def test_a_score_alone_is_taken_for_a_pair_of_equals_that_correlate_by_a_half():
    label, score = rows()
    told = detectable_beside("roc_auc", label, score, scale=LiftScale.ABSOLUTE)
    estimate = score_estimate("roc_auc", label, score)
    error = (estimate.high - estimate.low) / 2 / 1.96
    assert told.value == pytest.approx(2.49 * error, rel=0.01)
    by_error = detectable_beside("roc_auc", label, score, scale=LiftScale.ERROR_REDUCTION)
    assert by_error.value == pytest.approx(told.value / (1 - estimate.value))
    relative = detectable_beside("roc_auc", label, score, scale=LiftScale.RELATIVE)
    assert relative.value == pytest.approx(told.value / estimate.value)


def test_fewer_positives_or_clusters_tell_less():
    many = detectable_beside("roc_auc", *rows(), scale=LiftScale.ABSOLUTE)
    few = detectable_beside("roc_auc", *rows(positives=40), scale=LiftScale.ABSOLUTE)
    assert few.value > 2.5 * many.value
    assert few.high / few.low > many.high / many.low
    label, score = rows()
    nine = [np.repeat(x, 9) for x in (label, score)]
    clustered = detectable_beside("brier_loss", nine[0], 1 / (1 + np.exp(-nine[1])), scale=LiftScale.ABSOLUTE)
    by_row = detectable_beside(
        "brier_loss",
        nine[0],
        1 / (1 + np.exp(-nine[1])),
        scale=LiftScale.ABSOLUTE,
        cluster=np.repeat(np.arange(4000), 9),
    )
    assert by_row.value > 2.9 * clustered.value


def test_what_does_not_exist_is_undefined_with_its_reason():
    assert detectable_lift(replace(LIFT, standard_error=None)).value is None
    assert detectable_lift(replace(LIFT, standard_error=0.0)).value is None
    scale = LiftScale.ERROR_REDUCTION
    assert "rows of a class" in detectable_beside("roc_auc", [0, 0, 0], [1, 2, 3], scale=scale).undefined_because
    perfect = detectable_beside("accuracy", [0, 1, 0, 1], [0, 1, 0, 1], scale=scale)
    assert "no error" in perfect.undefined_because
    one = detectable_beside("accuracy", [0, 1, 0, 1], [0, 1, 1, 1], scale=scale, cluster=[1, 1, 1, 1])
    assert "two clusters" in one.undefined_because


@pytest.mark.parametrize("more", [{"confidence": 1.0}, {"power": 0.0}, {"level": 95}])
def test_shares_out_of_range_are_refused(more):
    with pytest.raises(BadSample):
        detectable_lift(LIFT, **more)
