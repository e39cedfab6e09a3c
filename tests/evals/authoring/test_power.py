"""The chance of each band before anybody has worked."""

from dataclasses import replace

import numpy as np
import pytest

from heldout.core.lift import Band, LiftScale, LiftTarget
from heldout.evals.authoring.candidates import Pilot
from heldout.evals.authoring.power import ENOUGH, outlook

TARGET = LiftTarget(scale=LiftScale.RELATIVE, minimum=0.02, target=0.05)


def world(
    rows: int = 20_000, clusters: int = 200, *, seed: int = 0, strength: float = 1.0, constant: bool = False
) -> Pilot:
    """Rows in clusters whose shared part no model knows; the baseline sees a third of what the pilot sees."""
    rng = np.random.default_rng(seed)
    cluster = rng.integers(0, clusters, rows)
    signal = rng.normal(size=rows)
    chance = 1 / (1 + np.exp(-(signal + 0.5 * rng.normal(size=clusters)[cluster])))
    label = (rng.random(rows) < chance).astype(float)
    weak = 1 / (1 + np.exp(-(0.3 * signal + rng.normal(size=rows))))
    return Pilot(
        label=label,
        baseline=np.full(rows, label.mean()) if constant else weak,
        pilot=1 / (1 + np.exp(-strength * signal)),
        cluster=cluster,
        metric="roc_auc",
    )


@pytest.mark.parametrize("constant", [False, True])
def test_the_chances_follow_the_true_lift(constant: bool) -> None:
    told = outlook(world(constant=constant), TARGET)
    none, minimum, target = told.chances
    assert [chances.true_lift for chances in told.chances] == [0.0, 0.02, 0.05]
    assert told.refused == ""
    assert none.power < 0.05
    assert minimum.power == pytest.approx(0.05, abs=0.01)
    assert target.power >= ENOUGH
    for chances in told.chances:
        assert sum(chances.bands.values()) == pytest.approx(1)
        assert (chances.rows, chances.clusters) == (20_000, 200)
        assert chances.standard_error is not None
        assert "%" in chances.made


def test_too_little_power_is_refused_with_a_target_and_a_number_of_clusters_that_would_do() -> None:
    told = outlook(world(rows=1500, clusters=40, constant=True), TARGET)
    assert told.chances[-1].power < ENOUGH
    assert "below 0.8" in told.refused
    smallest = float(next(mend for mend in told.mends if "--target-lift" in mend).split()[5])
    again = outlook(world(rows=1500, clusters=40, constant=True), replace(TARGET, target=smallest))
    assert again.refused == ""
    assert outlook(world(rows=1500, clusters=40, constant=True), replace(TARGET, target=smallest * 0.97)).refused
    assert any("clusters for the final rows instead of 40" in mend for mend in told.mends)


def test_the_clusters_that_would_do_do() -> None:
    told = outlook(world(rows=3000, clusters=60, constant=True), TARGET)
    mend = next(mend for mend in told.mends if "clusters for the final rows" in mend)
    needed = int(mend.split()[1].replace(",", ""))
    larger = outlook(world(rows=50 * needed, clusters=needed, seed=1, constant=True), TARGET)
    assert larger.chances[-1].power == pytest.approx(ENOUGH, abs=0.12)


def test_below_twenty_clusters_every_lift_is_undecided_and_refused() -> None:
    told = outlook(world(rows=20_000, clusters=15), TARGET)
    assert told.chances[-1].bands[Band.UNDECIDED] == 1.0
    assert "15 clusters" in told.refused


def test_a_target_beyond_the_pilot_is_told() -> None:
    weak = world(strength=0.05)
    noisy = np.random.default_rng(1).normal(size=weak.label.size)
    told = outlook(replace(weak, pilot=1 / (1 + np.exp(-noisy))), TARGET)
    assert any("below the target" in note for note in told.notes)
    assert "the labels" in told.chances[-1].made


def test_a_target_that_nobody_can_reach_is_refused() -> None:
    perfect = world()
    told = outlook(replace(perfect, baseline=np.clip(perfect.label, 0.1, 0.9)), TARGET)
    assert "not even the labels" in told.refused


def test_a_lift_that_has_no_scale_is_refused_with_its_reason() -> None:
    rng = np.random.default_rng(0)
    label = rng.normal(size=2000)
    pilot = Pilot(label=label, baseline=np.full(2000, -5.0), pilot=label / 2, cluster=None, metric="r_squared")
    told = outlook(pilot, TARGET)
    assert "undefined" in told.refused
    assert told.chances == ()


@pytest.mark.parametrize("metric", ["root_mean_squared_error", "mean_absolute_error"])
def test_numbers_have_chances_too(metric: str) -> None:
    rng = np.random.default_rng(0)
    signal = rng.normal(size=5000)
    label = signal + rng.normal(size=5000)
    pilot = Pilot(label=label, baseline=np.full(5000, label.mean()), pilot=signal, cluster=None, metric=metric)
    told = outlook(pilot, replace(TARGET, target=0.1))
    assert told.refused == ""
    assert told.pilot_lift == pytest.approx(0.29, abs=0.05)
    assert told.chances[0].power < 0.05
