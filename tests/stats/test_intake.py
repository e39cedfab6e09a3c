"""What the public functions take in: numbers of every kind that is one, and nothing that only looks like one."""

import dataclasses
import datetime as dt
import math
from decimal import Decimal

import numpy as np
import pytest

from heldout import stats
from heldout.core.errors import BadInput
from heldout.core.estimate import Estimate
from heldout.core.lift import LiftScale, LiftTarget
from heldout.stats import BadSample
from heldout.stats.sample import as_numbers, checked_number, whole_number

RANDOM = np.random.default_rng(0)
LABEL = RANDOM.integers(0, 2, 80)
SCORE = np.clip(0.3 * LABEL + 0.6 * RANDOM.random(80), 0, 1)
OTHER = RANDOM.random(80)
CLASSES = RANDOM.integers(0, 3, 90)
CALLED = np.where(RANDOM.random(90) < 0.7, CLASSES, 0)
SCORES = RANDOM.dirichlet(np.ones(3), 90)
LIFT = stats.paired_lift(LABEL, SCORE, OTHER, metric="brier_loss", scale=LiftScale.ABSOLUTE)
TARGET = LiftTarget(scale=LiftScale.ABSOLUTE, minimum=0.01, target=0.05)


@pytest.mark.parametrize("scale", list(LiftScale))
def test_a_scale_may_be_given_by_its_name(scale):
    arrays, metric = (LABEL, SCORE, OTHER), "brier_loss"
    by_name = stats.paired_lift(*arrays, metric=metric, scale=scale.value)
    assert by_name == stats.paired_lift(*arrays, metric=metric, scale=scale)
    assert by_name.scale is scale
    beside = stats.detectable_beside(metric, LABEL, SCORE, scale=scale.value)
    assert beside == stats.detectable_beside(metric, LABEL, SCORE, scale=scale)
    assert LiftTarget(scale=scale.value, minimum=0.0, target=0.1).scale is scale
    assert dataclasses.replace(by_name, scale=scale.value).scale is scale


@pytest.mark.parametrize("scale", ["zzz", None, 3])
def test_another_scale_is_refused(scale):
    with pytest.raises(BadSample, match="there is no scale"):
        stats.paired_lift(LABEL, SCORE, OTHER, metric="brier_loss", scale=scale)
    with pytest.raises(BadSample, match="there is no scale"):
        stats.detectable_beside("brier_loss", LABEL, SCORE, scale=scale)
    with pytest.raises(BadInput, match="there is no scale"):
        LiftTarget(scale=scale, minimum=0.0, target=0.1)


OF_COUNTS = {
    "wilson": (stats.wilson, (80, 100)),
    "clopper_pearson": (stats.clopper_pearson, (80, 100)),
    "newcombe": (stats.newcombe, (80, 100, 50, 120)),
    "miettinen_nurminen": (stats.miettinen_nurminen, (80, 100, 50, 120)),
    "newcombe_paired": (stats.newcombe_paired, (90, 60, 40, 110)),
    "tango": (stats.tango, (90, 60, 40, 110)),
    "mcnemar": (stats.mcnemar, (60, 40)),
    "hanley_mcneil": (lambda *counts: stats.hanley_mcneil(0.8, *counts), (90, 110)),
    "order_statistic_ranks": (lambda n: stats.order_statistic_ranks(n, 0.5), (100,)),
    "corrected_resampled_t": (lambda *rows: stats.corrected_resampled_t([0.1, 0.2, 0.1], *rows), (120, 30)),
    "welch_from_summary": (
        lambda one, two: stats.welch_from_summary(
            first_mean=1,
            first_standard_deviation=1,
            first_n=one,
            second_mean=0,
            second_standard_deviation=1,
            second_n=two,
        ),
        (120, 110),
    ),
}


@pytest.mark.parametrize("kind", [np.uint8, np.int8, np.int32, np.float32, float, Decimal])
@pytest.mark.parametrize("name", OF_COUNTS)
def test_counts_of_another_type_say_what_python_ints_say(name, kind):
    function, counts = OF_COUNTS[name]
    assert function(*map(kind, counts)) == function(*counts)


def test_large_numpy_counts_do_not_overflow():
    assert stats.wilson(np.int32(80_000), np.int32(100_000)) == stats.wilson(80_000, 100_000)
    many = (np.int32(900_000), np.int32(60_000), np.int32(40_000), np.int32(2_000_000))
    assert stats.tango(*many) == stats.tango(*map(int, many))
    assert stats.newcombe_paired(*many) == stats.newcombe_paired(*map(int, many))


def parts(result):
    """Return a result's numbers with their names, however deep they lie."""
    if dataclasses.is_dataclass(result):
        return [
            (f"{field.name}.{name}", number)
            for field in dataclasses.fields(result)
            for name, number in parts(getattr(result, field.name))
        ]
    if isinstance(result, tuple):
        return [(f"{place}.{name}", number) for place, one in enumerate(result) for name, number in parts(one)]
    return [("", result)]


RESULTS = {
    **{name: lambda f=f, c=c: f(*map(np.int16, c)) for name, (f, c) in OF_COUNTS.items()},
    **{f"score_estimate {m}": lambda m=m: stats.score_estimate(m, LABEL, SCORE) for m in ("roc_auc", "f1", "log_loss")},
    "narrow level": lambda: stats.wilson(8, 10, np.float32(0.9)),
    "hanley_mcneil narrow": lambda: stats.hanley_mcneil(np.float32(0.8), 30, 40, np.float32(0.9)),
    "tost_from_estimate": lambda: stats.tost_from_estimate(
        np.float32(0.1), np.float32(0.1), np.int8(9), 0.5, n=np.int8(9)
    ),
    "minimum_effect_test": lambda: stats.minimum_effect_test(
        np.float32(0.1), np.float32(0.1), np.int8(9), np.float32(0)
    ),
    "welch": lambda: stats.welch(SCORE, OTHER, null=np.float32(0.5)),
    "paired_mean_test": lambda: stats.paired_mean_test(SCORE, OTHER, null=np.float32(0.5)),
    "quantile": lambda: stats.quantile(np.float32(SCORE), 0.5),
    "relative_lift": lambda: stats.relative_lift(SCORE, OTHER),
    "multiclass_accuracy": lambda: stats.multiclass_accuracy(CLASSES, CALLED),
    "class_average": lambda: stats.class_average("f1", CLASSES, CALLED),
    "multiclass_auc": lambda: stats.multiclass_auc(CLASSES, SCORES),
    "precision_at_recall": lambda: stats.precision_at_recall(LABEL, SCORE, np.float32(0.5), replicates=20),
    "wasserstein": lambda: stats.wasserstein(SCORE, OTHER),
    "psi": lambda: stats.psi(np.array([30, 20]), np.array([25, 25])),
    "cohen_kappa": lambda: stats.cohen_kappa(CLASSES, CALLED),
    "krippendorff_alpha": lambda: stats.krippendorff_alpha(np.array([CLASSES, CALLED])),
    "detectable_beside": lambda: stats.detectable_beside("brier_loss", LABEL, SCORE, scale=LiftScale.ABSOLUTE),
    "paired_lift": lambda: LIFT,
    "slice_contrast": lambda: stats.slice_contrast("brier_loss", LABEL, SCORE, OTHER > 0.5),
    "mase": lambda: stats.mase(SCORE, OTHER, SCORE, np.int8(1)),
    "operating_point": lambda: stats.operating_point(LABEL, SCORE, np.float32(0.5)),
    "reliability_curve": lambda: stats.reliability_curve(LABEL, SCORE),
    "tost": lambda: stats.tost(SCORE, OTHER, np.float32(0.5), alpha=np.float32(0.05)),
    "mean_estimate": lambda: stats.mean_estimate(SCORE, level=np.float64(0.9)),
}


@pytest.mark.parametrize("name", RESULTS)
def test_results_hold_no_numpy_scalars(name):
    for where, number in parts(RESULTS[name]()):
        assert not isinstance(number, np.generic), where


def test_an_estimate_holds_plain_numbers():
    estimate = Estimate(
        value=np.float32(0.5), low=np.float64(0.25), high=1, n=np.int64(8), method="t", level=np.float32(0.5)
    )
    held = (estimate.value, estimate.low, estimate.high, estimate.n, estimate.level)
    assert held == (0.5, 0.25, 1, 8, 0.5)
    assert [type(number) for number in held] == [float, float, int, int, float]


def test_estimates_of_two_levels_have_no_difference():
    one, other = stats.wilson(8, 10, 0.95), stats.wilson(8, 10, 0.9)
    with pytest.raises(BadSample, match=r"intervals at 0\.95 and 0\.9"):
        stats.interval_difference(one, other)
    for sign in (2, 0, math.nan):
        with pytest.raises(BadSample, match="the sign is"):
            stats.interval_difference(one, one, sign=sign)


MASK = np.zeros(80, dtype=bool)
MASK[3] = True


@pytest.mark.parametrize(
    "call",
    [
        lambda hide: stats.mean_estimate(hide(SCORE)),
        lambda hide: stats.mean_estimate(SCORE, hide(LABEL)),
        lambda hide: stats.mean_estimate(SCORE, None, hide(OTHER)),
        lambda hide: stats.score_estimate("roc_auc", hide(LABEL), SCORE),
        lambda hide: stats.score_estimate("roc_auc", LABEL, hide(SCORE)),
        lambda hide: stats.score_estimate("roc_auc", LABEL, [hide(SCORE), hide(OTHER)]),
        lambda hide: stats.multiclass_accuracy(hide(LABEL), LABEL),
        lambda hide: stats.welch(SCORE, hide(OTHER)),
        lambda hide: stats.slice_contrast("brier_loss", LABEL, SCORE, hide(OTHER > 0.5)),
        lambda hide: stats.joint_histogram(SCORE, hide(OTHER)),
        lambda hide: stats.cohen_kappa(hide(LABEL), LABEL),
        lambda hide: stats.holm(hide(SCORE)),
        lambda hide: stats.majority_vote(hide(np.arange(80)), LABEL),
    ],
)
def test_a_masked_value_is_refused_and_a_mask_without_one_is_not(call):
    call(lambda values: np.ma.masked_array(values, mask=False))
    with pytest.raises(BadSample, match="masked value") as refused:
        call(lambda values: np.ma.masked_array(values, mask=MASK))
    assert "row 3" in refused.value.where


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (np.array(["2020-01-01", "2020-01-02"], dtype="datetime64[D]"), "times"),
        (np.array([1, 2], dtype="timedelta64[D]"), "time spans"),
        (np.array([1 + 1j, 2]), "complex numbers"),
        (np.array([1 + 0j, 2]), "complex numbers"),
        (np.array(["1", "2"]), "texts"),
        (["0.5", "0.25"], "texts"),
        (np.array([b"1", b"2"]), "bytes"),
        (np.array(["1", 2], dtype=object), "str"),
        (np.array([1, np.timedelta64(1, "D")], dtype=object), "timedelta64"),
        ([dt.date(2020, 1, 1)], ""),
    ],
)
def test_what_is_no_number_is_refused_by_its_kind(values, kind):
    with pytest.raises(BadSample, match=f"values holds something that is not a number.*{kind}"):
        stats.mean_estimate(values)


@pytest.mark.parametrize(
    "values",
    [[True, False], [1, 0], [1.0, 0.0], [Decimal(1), Decimal(0)], np.array([1, 0.0], dtype=object), np.uint8([1, 0])],
)
def test_numbers_of_every_kind_are_taken(values):
    assert as_numbers(values, "values").tolist() == [1.0, 0.0]


@pytest.mark.parametrize(
    "call",
    [
        stats.mean_estimate,
        lambda ragged: stats.score_estimate("roc_auc", [0, 1], ragged),
        lambda ragged: stats.multiclass_auc([0, 1], ragged),
        lambda ragged: stats.multiclass_accuracy(ragged, [0, 1]),
        lambda ragged: stats.mean_estimate([1, 2], ragged),
        lambda ragged: stats.ancova([1, 2], ragged, [0, 1]),
        lambda ragged: stats.multilabel_average("f1", ragged, ragged),
        lambda ragged: stats.cohen_kappa(ragged, ragged),
        lambda ragged: stats.reliability_curve([0, 1], ragged),
        lambda ragged: stats.recalibrated(ragged, 0.0, 1.0),
        lambda ragged: stats.tost([1, 2], [1, 3], ragged),
        stats.chi_square_homogeneity,
        lambda ragged: stats.dawid_skene(ragged, [0, 1], [0, 1]),
        lambda ragged: stats.ks_from_counts(ragged, [1, 2]),
    ],
)
def test_ragged_lists_are_refused(call):
    with pytest.raises(BadSample, match="ragged"):
        call([[1, 2], [3]])


SCALARS = {
    "welch null": lambda x: stats.welch(SCORE, OTHER, null=x),
    "paired_mean_test null": lambda x: stats.paired_mean_test(SCORE, OTHER, null=x),
    "lift_power true lift": lambda x: stats.lift_power(0.01, x, TARGET, 60),
    "recalibrated intercept": lambda x: stats.recalibrated([0.5], x, 1.0),
    "recalibrated slope": lambda x: stats.recalibrated([0.5], 0.0, x),
    "wilson successes": lambda x: stats.wilson(x, 5),
    "wilson n": lambda x: stats.wilson(3, x),
    "tango": lambda x: stats.tango(1, x, 1, 1),
    "mcnemar": lambda x: stats.mcnemar(x, 2),
    "hanley_mcneil auc": lambda x: stats.hanley_mcneil(x, 30, 30),
    "hanley_mcneil positives": lambda x: stats.hanley_mcneil(0.8, x, 30),
    "order_statistic_ranks n": lambda x: stats.order_statistic_ranks(x, 0.5),
    "order_statistic_ranks q": lambda x: stats.order_statistic_ranks(20, x),
    "quantile q": lambda x: stats.quantile(SCORE, x),
    "mase seasonality": lambda x: stats.mase(SCORE, OTHER, SCORE, x),
    "sign_flip_test resamples": lambda x: stats.sign_flip_test(SCORE, resamples=x),
    "sign_flip_test seed": lambda x: stats.sign_flip_test(SCORE, seed=x),
    "top_k_accuracy k": lambda x: stats.top_k_accuracy(CLASSES, SCORES, k=x),
    "coverage_worlds": lambda x: stats.paired_lift(
        LABEL, SCORE, OTHER, metric="roc_auc", scale="absolute", coverage_worlds=x
    ),
    "coverage_seed": lambda x: stats.paired_lift(
        LABEL, SCORE, OTHER, metric="roc_auc", scale="absolute", coverage_seed=x
    ),
    "ece worlds": lambda x: stats.expected_calibration_error(LABEL, SCORE, worlds=x),
    "ece seed": lambda x: stats.expected_calibration_error(LABEL, SCORE, seed=x),
    "replicates": lambda x: stats.precision_at_recall(LABEL, SCORE, 0.5, replicates=x),
    "recall": lambda x: stats.precision_at_recall(LABEL, SCORE, x),
    "threshold_optimism repeats": lambda x: stats.threshold_optimism(LABEL, SCORE, repeats=x),
    "threshold_optimism folds": lambda x: stats.threshold_optimism(LABEL, SCORE, folds=x),
    "joint_histogram bins": lambda x: stats.joint_histogram(SCORE, OTHER, bins=x),
    "tost margin": lambda x: stats.tost(SCORE, OTHER, x),
    "tost alpha": lambda x: stats.tost(SCORE, OTHER, 0.5, alpha=x),
    "minimum_effect_test gate": lambda x: stats.minimum_effect_test(0.1, 0.1, 9, x),
    "first_n": lambda x: stats.welch_from_summary(
        first_mean=0,
        first_standard_deviation=1,
        first_n=x,
        second_mean=0,
        second_standard_deviation=1,
        second_n=9,
    ),
    "metric_named": stats.metric_named,
    "t_test_power alpha": lambda x: stats.t_test_power(20, 1, alpha=x),
    "t_test_n power": lambda x: stats.t_test_n(x, 1),
    "proportion_power first": lambda x: stats.proportion_power(50, x, 0.75),
    "auc_cases auc": stats.auc_cases,
    "net_benefit threshold": lambda x: stats.net_benefit(LABEL, SCORE, x),
    "calibration_slope clip": lambda x: stats.calibration_slope(LABEL, SCORE, clip=x or "none"),
    "threshold_at_recall": lambda x: stats.threshold_at_recall(LABEL, SCORE, x),
    "jensen_shannon base": lambda x: stats.jensen_shannon([3, 2], [2, 3], base=x),
    "precision_at threshold": stats.precision_at,
    "f_beta beta": stats.f_beta,
    "pinball_loss quantile": stats.pinball_loss,
    "detectable_lift power": lambda x: stats.detectable_lift(LIFT, power=x),
}


@pytest.mark.parametrize("given", [math.nan, math.inf, "0.5", None, 1j, [1, 2, 3]], ids=repr)
@pytest.mark.parametrize("name", SCALARS)
def test_a_scalar_that_is_no_finite_number_is_refused(name, given):
    with pytest.raises(BadSample):
        SCALARS[name](given)


@pytest.mark.parametrize("given", [20.5, -1])
@pytest.mark.parametrize(
    "name",
    [name for name in SCALARS if name.split()[-1] in {"seed", "worlds", "resamples", "n", "k", "positives", "repeats"}],
)
def test_a_count_is_whole_and_not_negative(name, given):
    with pytest.raises(BadSample, match="whole number"):
        SCALARS[name](given)


def test_a_scalar_that_says_so_may_be_infinite_but_is_a_number():
    chances = stats.band_probabilities(0.01, math.inf, TARGET, 0.05)
    nearly = stats.band_probabilities(0.01, 1e9, TARGET, 0.05)
    assert sum(chances.values()) == pytest.approx(1)
    assert dict(chances) == pytest.approx(dict(nearly), abs=1e-4)
    assert stats.lift_power(0.01, 0.05, TARGET, math.inf) == pytest.approx(0.9907, abs=1e-3)
    assert stats.confidence_at_least(LIFT, -math.inf) == 1.0
    for x in (math.nan, "0.1", None):
        with pytest.raises(BadSample, match="x is"):
            stats.confidence_at_least(LIFT, x)


@pytest.mark.parametrize("level", [0, 1, 2, math.nan])
@pytest.mark.parametrize(
    "call",
    [
        lambda level: stats.between_run_bound([0.7, 0.71, 0.69], level),
        lambda level: stats.multiclass_auc(CLASSES, SCORES, level=level),
        lambda level: stats.multiclass_auc([0, 0], [[0.1, 0.9]] * 2, classes=[0, 1], level=level),
        lambda level: stats.multiclass_mcc([0, 0], [0, 0], level=level),
        lambda level: stats.score_estimate("roc_auc", [0, 0], [0.1, 0.2], level=level),
        lambda level: stats.paired_lift([0, 0], [0.1, 0.2], [0, 1], metric="roc_auc", scale="absolute", level=level),
        lambda level: stats.mase([1.0], [1.0], [1.0], level=level),
    ],
)
def test_a_level_is_checked_even_where_the_value_is_undefined(call, level):
    with pytest.raises(BadSample, match="level"):
        call(level)


def test_shared_checks_name_what_they_refuse():
    assert (checked_number(np.array(0.5), "x"), checked_number(math.inf, "x", infinite=True)) == (0.5, math.inf)
    assert type(whole_number(np.int8(3), "n")) is int
    with pytest.raises(BadSample, match=r"n is .3."):
        whole_number("3", "n")
    with pytest.raises(BadSample, match="n is 1000000"):
        whole_number(10**400, "n")


def test_a_continuity_correction_is_asked_for_by_name():
    with pytest.raises(TypeError):
        stats.wilson(8, 10, 0.95, True)


@pytest.mark.parametrize("name", ["linearised_mean", "counted_rows"])
def test_helpers_that_take_checked_arrays_are_not_public(name):
    assert name not in stats.__all__
    assert not hasattr(stats, name)


def test_a_slice_may_be_marked_by_0_and_1():
    inside = OTHER > 0.5
    by_truth = stats.slice_contrast("brier_loss", LABEL, SCORE, inside)
    for mask in (inside.astype(int), inside.astype(float), inside.astype(object), inside.tolist()):
        assert stats.slice_contrast("brier_loss", LABEL, SCORE, mask) == by_truth
    for mask in (OTHER, inside.astype(str), inside + 1):
        with pytest.raises(BadSample, match="inside has shape"):
            stats.slice_contrast("brier_loss", LABEL, SCORE, mask)


def test_options_of_the_brier_decomposition_are_checked_where_they_would_not_count():
    with pytest.raises(BadSample, match="no strategy"):
        stats.brier_decomposition(LABEL, SCORE, strategy="equal")
    for bins in (None, [0, 0.5, 1]):
        with pytest.raises(BadSample, match="quantile"):
            stats.brier_decomposition(LABEL, SCORE, bins=bins, strategy="quantile")


def test_whole_classes_are_called_so_whatever_their_type():
    label = np.array([0.0] * 18 + [1.0] * 30)
    auc = stats.multiclass_auc(label, np.column_stack((1 - SCORE[:48], SCORE[:48])))
    assert auc.undefined_because == "class 0 has 18 rows, and 20 are needed"
    assert "of class 1" in stats.class_average("recall", np.zeros(3), [0.0, 0.0, 1.0]).undefined_because
    with pytest.raises(BadSample, match="the label 7 is none"):
        stats.multiclass_auc(np.full(3, 7.0), np.ones((3, 2)), classes=[0.0, 1.0])


PERFECT = np.where(LABEL == 1, 0.9, 0.1)
WRONG = 1 - PERFECT
POSITIVES = int(LABEL.sum())


@pytest.mark.parametrize(
    ("metric", "rows"),
    [
        ("accuracy", 80),
        ("recall", POSITIVES),
        ("specificity", 80 - POSITIVES),
        ("precision@0.8", POSITIVES),
        ("negative_predictive_value", 80 - POSITIVES),
        ("jaccard", POSITIVES),
    ],
)
def test_a_share_of_independent_rows_that_all_fare_alike_has_wilsons_interval(metric, rows):
    right, wrong = (stats.score_estimate(metric, LABEL, score) for score in (PERFECT, WRONG))
    known = stats.wilson(rows, rows)
    assert (right.value, right.low, right.high) == (1.0, known.low, 1.0)
    assert right.method == ("Wilson" if rows == 80 else f"Wilson over {rows} rows")
    assert right.n == 80
    assert wrong.value == 0.0
    assert wrong.low == 0.0 < wrong.high < 0.5
    for more in ({"cluster": np.arange(80) // 4}, {"weight": np.linspace(1, 2, 80)}):
        other = stats.score_estimate(metric, LABEL, PERFECT, **more)
        assert other.value == pytest.approx(1.0)
        assert "no row moves" in other.undefined_because


def test_shares_of_rows_of_many_classes_have_wilsons_interval_where_all_fare_alike():
    known = stats.wilson(90, 90)
    cells = np.eye(3)[CLASSES]
    for estimate in (
        stats.multiclass_accuracy(CLASSES, CLASSES),
        stats.subset_accuracy(cells, cells),
        stats.top_k_accuracy(CLASSES, cells, k=1),
    ):
        assert (estimate.value, estimate.low, estimate.high, estimate.method) == (1.0, known.low, 1.0, "Wilson")
    assert stats.multiclass_accuracy(CLASSES, (CLASSES + 1) % 3).high == stats.wilson(0, 90).high
    assert stats.top_k_accuracy(CLASSES, 1 - cells, k=1).high == stats.wilson(0, 90).high
    of_class = stats.class_table(CLASSES, CLASSES)[1]
    own = stats.wilson(of_class.support, of_class.support)
    assert (of_class.recall.low, of_class.precision.low) == (own.low, own.low)
    assert "no row moves" in of_class.f1.undefined_because
    by_day = np.arange(90) // 3
    assert "no row moves" in stats.multiclass_accuracy(CLASSES, CLASSES, cluster=by_day).undefined_because
    assert "no row moves" in stats.class_table(CLASSES, CLASSES, cluster=by_day)[1].recall.undefined_because
    # ties that leave every row half right are no share of rows
    assert stats.top_k_accuracy([0, 1] * 20, np.ones((40, 2)), k=1).low is None


def test_sides_of_a_slice_that_all_fare_alike_have_scores_and_no_ratio():
    contrast = stats.slice_contrast("accuracy", LABEL, PERFECT, np.arange(80) < 40)
    assert contrast.inside.is_defined
    assert "all fare alike" in contrast.error_ratio.undefined_because
    mixed = np.where(np.arange(80) < 40, WRONG, SCORE)
    assert stats.slice_contrast("accuracy", LABEL, mixed, np.arange(80) < 40).error_ratio.value is None


def test_what_no_replicate_and_no_unit_moves_has_no_interval_of_width_zero():
    for point in (stats.precision_at_recall(LABEL, PERFECT, 0.6), stats.recall_at_precision(LABEL, PERFECT, 0.6)):
        assert point.estimate.value == 1.0
        assert "say nothing of its error" in point.estimate.undefined_because
    for method in ("delta", "fieller"):
        lift = stats.relative_lift(np.zeros(30), np.arange(1.0, 31), method=method)
        assert lift.relative.value == -1.0
        assert "no unit moves the ratio" in lift.relative.undefined_because
        assert lift.absolute.difference.is_defined
    for other in (0.0, 2.0):
        distance = stats.wasserstein(np.full(30, 2.0), np.full(30, other))
        assert distance.value == pytest.approx(2.0 - other)
        assert "neither sample varies" in distance.estimate.undefined_because
    assert stats.wasserstein(np.full(30, 2.0), np.arange(30.0)).estimate.is_defined
    in_one_bin = stats.wasserstein_from_counts([0, 30], [0, 40], [0, 1])
    assert "neither sample varies" in in_one_bin.estimate.undefined_because


def test_classes_that_are_no_whole_numbers_or_of_two_types_are_told_apart():
    assert len(stats.class_table([0.0, 1.0, np.inf], [0.0, 1.0, np.inf])) == 3
    days = np.array(["2020-01-01", "2020-01-02"], dtype="datetime64[D]")
    assert stats.multiclass_accuracy(days, days).value == 1.0
    with pytest.raises(BadSample, match="classes of one type"):
        stats.multiclass_accuracy(days, [0, 1])
