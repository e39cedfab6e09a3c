import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats as oracle

from heldout.core.lift import LiftScale
from heldout.stats import METRICS, BadSample, clustered_standard_error, confidence_at_least, paired_lift
from heldout.stats.metrics.thresholded import precision_at

SCALES = list(LiftScale)


def world(seed, n=600, clusters=30, seeds=3):
    """Labels, candidate runs, baseline runs (probabilities) and clusters; the candidate is the better one."""
    rng = np.random.default_rng(seed)
    cluster = np.arange(n) % clusters
    logit = rng.normal(0, 1, n) + rng.normal(0, 0.7, clusters)[cluster]
    label = (rng.random(n) < 1 / (1 + np.exp(-logit))).astype(float)
    candidate = 1 / (1 + np.exp(-logit + rng.normal(0, 0.3, (seeds, n))))
    baseline = 1 / (1 + np.exp(-logit + rng.normal(0, 1.5, (seeds, n))))
    return label, candidate, baseline, cluster


def lift_of(given_world, metric="roc_auc", scale=LiftScale.RELATIVE, **more):
    label, candidate, baseline, cluster = given_world
    return paired_lift(label, candidate, baseline, metric=metric, scale=scale, cluster=cluster, **more)


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("metric", METRICS)
def test_the_lift_is_the_scales_formula_and_positive_for_the_better_side(metric, scale):
    label, candidate, baseline, cluster = world(0)
    if METRICS[metric].task == "regression":
        label = label + candidate[0]  # labels above 0, and a baseline that explains some of them
        candidate, baseline = (0.2 * runs + 0.8 * label for runs in (candidate, baseline))
    c, b = (np.mean([METRICS[metric].value(label, run) for run in runs]) for runs in (candidate, baseline))
    sign = 1 if METRICS[metric].higher_is_better else -1
    error = b if sign < 0 else 1 - b
    wanted = {"absolute": sign * (c - b), "relative": sign * (c - b) / b, "error_reduction": sign * (c - b) / error}
    lift = lift_of((label, candidate, baseline, cluster), metric, scale, coverage_worlds=0)
    assert lift.estimate.value == pytest.approx(wanted[scale.value])
    assert lift.estimate.low < lift.estimate.value < lift.estimate.high
    assert lift.estimate.value > 0
    assert lift.candidate.value == pytest.approx(c)
    assert lift.baseline.value == pytest.approx(b)


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("metric", ["roc_auc", "log_loss"])
def test_the_standard_error_is_that_of_dropping_one_cluster_at_a_time(metric, scale):
    label, candidate, baseline, cluster = world(1, n=3000, clusters=60, seeds=1)
    whole = paired_lift(label, candidate, baseline, metric=metric, scale=scale, cluster=cluster)
    without = np.array(
        [
            paired_lift(
                label[kept], candidate[:, kept], baseline[:, kept], metric=metric, scale=scale, coverage_worlds=0
            ).estimate.value
            for kept in (cluster != g for g in range(60))
        ]
    )
    jackknife = np.sqrt(59 / 60 * ((without - without.mean()) ** 2).sum())
    assert whole.standard_error == pytest.approx(jackknife, rel=0.05)


def test_the_variance_is_that_of_both_sides_less_their_covariance():
    label, candidate, baseline, cluster = world(2, seeds=1)
    auc = METRICS["roc_auc"]
    ours, theirs = auc.influence(label, candidate[0]), auc.influence(label, baseline[0])
    sums = np.array([[part[cluster == g].sum() for g in range(30)] for part in (ours, theirs)])
    covariance = 30 / 29 * (sums @ sums.T)
    lift = lift_of((label, candidate, baseline, cluster), scale=LiftScale.ABSOLUTE)
    assert lift.standard_error**2 == pytest.approx(covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1])
    assert lift.degrees_of_freedom == pytest.approx(29)
    half = oracle.t.ppf(0.975, 29) * lift.standard_error
    assert lift.estimate.high == pytest.approx(lift.estimate.value + half)
    assert lift.standard_error < clustered_standard_error(ours, cluster) + clustered_standard_error(theirs, cluster)


@pytest.mark.parametrize("metric", ["roc_auc", "pr_auc", "log_loss", "f1"])
def test_weights_are_repeats_within_a_cluster(metric):
    label, candidate, baseline, cluster = world(14)
    weight = np.random.default_rng(15).integers(0, 3, 600)
    weighted = lift_of((label, candidate, baseline, cluster), metric, LiftScale.ABSOLUTE, weight=weight)
    rows = np.repeat(np.arange(600), weight)
    repeated = lift_of((label[rows], candidate[:, rows], baseline[:, rows], cluster[rows]), metric, LiftScale.ABSOLUTE)
    for name in ("standard_error", "degrees_of_freedom", "seed_variance"):
        assert getattr(weighted, name) == pytest.approx(getattr(repeated, name))
    assert weighted.estimate.value == pytest.approx(repeated.estimate.value)
    assert weighted.estimate.n == (weight > 0).sum()
    with pytest.raises(BadSample, match="every weight is 0"):
        lift_of((label, candidate, baseline, cluster), weight=np.zeros(600))


def test_a_metric_itself_may_be_given():
    given_world = world(16)
    assert lift_of(given_world, precision_at(0.7)) == lift_of(given_world, "precision@0.7")
    assert lift_of(given_world, "precision@0.7").metric == "precision@0.7"


def test_a_baseline_below_zero_has_no_relative_lift():
    label, candidate, _, cluster = world(17)
    lift = lift_of((label, candidate, 1 - candidate, cluster), "mcc")
    assert "below 0" in lift.estimate.undefined_because
    assert lift_of((label, candidate, 1 - candidate, cluster), "mcc", LiftScale.ABSOLUTE).estimate.value > 0


def test_what_no_row_shows_of_either_side_is_in_the_error_of_the_lift():
    label = np.repeat([0.0, 1.0], [300, 30])
    rng = np.random.default_rng(18)
    ours, theirs = (np.where(label == 1, 0.9, rng.choice([0.1, 0.9], 330, p=[1 - p, p])) for p in (0.1, 0.3))
    lift = paired_lift(label, ours, theirs, metric="balanced_accuracy", scale=LiftScale.ABSOLUTE)
    metric = METRICS["balanced_accuracy"]
    rows = clustered_standard_error(metric.influence(label, ours) - metric.influence(label, theirs)) ** 2
    unseen = metric.linearised(label, ours).unseen
    assert unseen == pytest.approx(31 / 32 / 32 / 30 / 4)
    assert lift.standard_error**2 == pytest.approx(rows + 2 * unseen)


def test_design_effect_and_largest_share_are_read_off_the_cluster_sums():
    label, candidate, baseline, cluster = world(3, seeds=1)
    auc = METRICS["roc_auc"]
    influence = auc.influence(label, candidate[0]) - auc.influence(label, baseline[0])
    sums = np.array([influence[cluster == g].sum() for g in range(30)])
    lift = lift_of((label, candidate, baseline, cluster), scale=LiftScale.ABSOLUTE)
    assert lift.clusters == 30
    assert lift.design_effect == pytest.approx((sums @ sums * 30 / 29) / (influence @ influence * 600 / 599))
    assert lift.largest_clusters_share == pytest.approx(np.sort(sums**2)[-5:].sum() / (sums @ sums))


def test_seed_variance_of_both_sides_is_added_with_satterthwaites_degrees_of_freedom():
    label, candidate, baseline, cluster = given_world = world(4)
    lift = lift_of(given_world, scale=LiftScale.ABSOLUTE)
    auc = METRICS["roc_auc"]
    sides = (candidate, baseline)
    spread = [np.var([auc.value(label, run) for run in runs], ddof=1) / 3 for runs in sides]
    mean = [np.mean([auc.influence(label, run) for run in runs], axis=0) for runs in sides]
    rows = clustered_standard_error(mean[0] - mean[1], cluster) ** 2
    assert lift.seed_variance == pytest.approx(spread[0])
    assert lift.baseline_seed_variance == pytest.approx(spread[1])
    assert lift.standard_error**2 == pytest.approx(rows + sum(spread))
    df = (rows + sum(spread)) ** 2 / (rows**2 / 29 + (spread[0] ** 2 + spread[1] ** 2) / 2)
    assert lift.degrees_of_freedom == pytest.approx(df)


def test_outputs_that_ignore_the_seed_have_no_measured_seed_variance():
    label, candidate, baseline, cluster = world(5)
    lift = lift_of((label, np.tile(candidate[0], (3, 1)), baseline, cluster))
    assert lift.seeds == 3
    assert lift.seed_variance is None
    assert lift.baseline_seed_variance > 0


def test_one_run_of_each_side_measures_no_seed_variance():
    label, candidate, baseline, cluster = world(5)
    lift = lift_of((label, candidate[0], baseline[0], cluster))
    assert (lift.seeds, lift.baseline_seeds) == (1, 1)
    assert lift.seed_variance is None
    assert lift.baseline_seed_variance is None


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 1000), st.sampled_from(SCALES), st.randoms(use_true_random=False))
def test_row_order_and_cluster_names_do_not_matter(seed, scale, random):
    label, candidate, baseline, cluster = world(seed, n=120, clusters=10)
    order = random.sample(range(120), 120)
    there = lift_of((label, candidate, baseline, cluster), scale=scale, coverage_worlds=0)
    shuffled = (label[order], candidate[:, order], baseline[:, order], [f"day {c}" for c in cluster[order]])
    back = lift_of(shuffled, scale=scale, coverage_worlds=0)
    for name in ("standard_error", "degrees_of_freedom", "design_effect", "largest_clusters_share"):
        assert getattr(back, name) == pytest.approx(getattr(there, name))
    assert back.estimate.value == pytest.approx(there.estimate.value)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 1000))
def test_auc_lift_sees_only_the_order_of_scores(seed):
    label, candidate, baseline, cluster = world(seed, n=120, clusters=10)
    there = lift_of((label, candidate, baseline, cluster), coverage_worlds=0)
    back = lift_of((label, np.log(candidate), baseline**3, cluster), coverage_worlds=0)
    assert dataclasses.asdict(back) == dataclasses.asdict(there)


def test_swapped_sides_turn_the_absolute_lift_round():
    label, candidate, baseline, cluster = world(6)
    there = lift_of((label, candidate, baseline, cluster), "log_loss", LiftScale.ABSOLUTE)
    back = lift_of((label, baseline, candidate, cluster), "log_loss", LiftScale.ABSOLUTE)
    assert back.estimate.low == pytest.approx(-there.estimate.high)


def test_coverage_is_simulated_below_a_hundred_clusters_and_repeats():
    few, again = lift_of(world(7, clusters=61)), lift_of(world(7, clusters=61))
    assert few.coverage == again.coverage
    assert few.coverage.n == 2000
    assert 0.85 < few.coverage.low < few.coverage.value < few.coverage.high < 1
    assert lift_of(world(7, clusters=100)).coverage is None
    assert lift_of(world(7, clusters=61), coverage_seed=1).coverage != few.coverage


def test_a_copy_of_the_baseline_has_lift_zero_exactly():
    label, _, baseline, cluster = world(8)
    lift = lift_of((label, baseline[0], baseline[[0, 0]], cluster))
    assert (lift.estimate.value, lift.estimate.low, lift.estimate.high) == (0, 0, 0)
    assert lift.standard_error == 0
    assert confidence_at_least(lift, 0.0) == 1
    assert confidence_at_least(lift, 0.001) == 0


def test_a_difference_that_no_row_moves_has_no_interval():
    label, candidate, _, cluster = world(9)
    lift = lift_of((label, candidate[0], np.sqrt(candidate[0]), cluster))
    assert lift.estimate.value == 0
    assert "no row moves the difference" in lift.estimate.undefined_because
    assert confidence_at_least(lift, 0.02) is None


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda y, c, b, g: (np.ones_like(y), c, b, g), "one class"),
        (lambda y, c, b, g: (np.arange(600) < 12, c, b, g), "12 rows"),
        (lambda y, c, b, g: (y, c, b, np.zeros(600)), "two clusters, and there is 1"),
        (lambda y, c, b, g: (y, c, -y, g), "value is 0"),
    ],
)
def test_what_cannot_be_known_of_a_lift_is_undefined_with_its_reason(change, says):
    lift = lift_of(change(*world(10)))
    assert says in lift.estimate.undefined_because
    assert (lift.standard_error, lift.coverage, lift.seed_variance) == (None, None, None)
    assert confidence_at_least(lift, 0.02) is None


def test_a_perfect_baseline_leaves_no_error_to_reduce():
    label, candidate, _, cluster = world(11)
    lift = lift_of((label, candidate, label, cluster), "brier_loss", LiftScale.ERROR_REDUCTION)
    assert "perfect already" in lift.estimate.undefined_because


def test_confidence_is_one_minus_the_one_sided_p_of_t():
    lift = lift_of(world(12))
    value, error, df = lift.estimate.value, lift.standard_error, lift.degrees_of_freedom
    assert confidence_at_least(lift, 0.1) == pytest.approx(1 - oracle.t.sf((value - 0.1) / error, df))
    assert confidence_at_least(lift, lift.estimate.low) == pytest.approx(0.975)
    assert confidence_at_least(lift, value) == pytest.approx(0.5)


def test_sides_of_different_length_are_refused():
    label, candidate, baseline, cluster = world(13)
    with pytest.raises(BadSample, match="600 labels and 599 scores"):
        lift_of((label, candidate, baseline[:, 1:], cluster))
    with pytest.raises(BadSample, match="cluster has shape"):
        lift_of((label, candidate, baseline, cluster[1:]))
    candidate[1, 2] = np.nan
    with pytest.raises(BadSample, match="run 1, row 2"):
        lift_of((label, candidate, baseline, cluster))
