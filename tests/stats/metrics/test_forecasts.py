import numpy as np
import pytest
from scipy import stats as oracle
from sklearn import metrics as sklearn_metrics

from heldout.stats import BadSample, score_estimate, wilson
from heldout.stats.metrics.forecasts import interval_coverage, interval_score, mase, median_absolute_error


def sample(seed, n=120):
    rng = np.random.default_rng(seed)
    label = np.cumsum(rng.normal(size=n)) + 20
    return label, label + rng.normal(0, 2, n), np.arange(n) // 10


def test_mase_is_the_mean_absolute_error_over_that_of_the_seasonal_naive_forecast():
    label, forecast, day = sample(0)
    insample = np.random.default_rng(1).normal(size=60).cumsum()
    for season in (1, 7):
        scale = np.mean([abs(insample[t] - insample[t - season]) for t in range(season, 60)])
        got = mase(label, forecast, insample, season, cluster=day)
        error = score_estimate("mean_absolute_error", label, forecast, day)
        assert got.value == pytest.approx(sklearn_metrics.mean_absolute_error(label, forecast) / scale)
        assert (got.low, got.high) == pytest.approx((error.low / scale, error.high / scale))
        assert got.method == error.method


def test_a_naive_forecast_scores_one_on_its_own_training_series():
    series = np.random.default_rng(2).normal(size=50).cumsum()
    assert mase(series[1:], series[:-1], series).value == pytest.approx(1)
    assert mase(3 * series[1:] + 5, 3 * series[:-1] + 5, 3 * series + 5).value == pytest.approx(1)


def test_mase_is_undefined_where_the_naive_forecast_is_never_wrong_or_cannot_be_made():
    label, forecast, _ = sample(3)
    assert "never wrong" in mase(label, forecast, [2, 2, 2]).undefined_because
    assert "never wrong" in mase(label, forecast, [1, 2, 1, 2, 1], 2).undefined_because
    assert "has 2 points" in mase(label, forecast, [1, 2], 2).undefined_because
    for season in (0, 1.5, -1):
        with pytest.raises(BadSample, match="seasonality is"):
            mase(label, forecast, [1, 2, 3], season)


def test_the_median_absolute_error_is_scikit_learns_with_the_order_statistics_interval():
    label, forecast, _ = sample(4, n=50)
    got = median_absolute_error(label, forecast)
    assert got.value == pytest.approx(sklearn_metrics.median_absolute_error(label, forecast))
    ordered = np.sort(np.abs(label - forecast))
    rank = int(np.searchsorted(ordered, got.low)) + 1
    assert got.high == ordered[50 - rank]
    covers = oracle.binom.cdf(50 - rank, 50, 0.5) - oracle.binom.cdf(rank - 1, 50, 0.5)
    assert 0.95 < covers < 0.98


def test_clusters_that_agree_widen_the_interval_of_the_median():
    rng = np.random.default_rng(5)
    cluster = np.repeat(np.arange(20), 30)
    error = rng.exponential(1, 20)[cluster] + 0.1 * rng.random(600)
    clustered, rows = (median_absolute_error(error, np.zeros(600), cluster=given) for given in (cluster, None))
    assert clustered.high - clustered.low > 3 * (rows.high - rows.low)
    assert clustered.method == "Woodruff over 20 clusters"


def test_few_units_have_no_interval_of_a_median():
    assert "2 rows are too few" in median_absolute_error([1, 2], [1, 1]).undefined_because
    assert "there is 1" in median_absolute_error([1, 2], [1, 1], cluster=[0, 0]).undefined_because
    assert median_absolute_error([1], [1]).value == 0


def test_errors_that_are_all_alike_have_that_median():
    got = median_absolute_error(np.ones(40), np.zeros(40))
    assert (got.low, got.value, got.high) == (1, 1, 1)


def test_coverage_of_independent_rows_is_a_wilson_interval_and_of_clusters_a_clustered_one():
    label, forecast, day = sample(6)
    low, high = forecast - 2, forecast + 2
    inside = np.abs(label - forecast) <= 2
    assert interval_coverage(label, low, high) == wilson(int(inside.sum()), 120)
    clustered = interval_coverage(label, low, high, cluster=day)
    calls = score_estimate("accuracy", np.ones(120), inside.astype(float), day)
    assert (clustered.value, clustered.low, clustered.high) == pytest.approx((calls.value, calls.low, calls.high))


def test_the_ends_of_an_interval_belong_to_it():
    assert interval_coverage([1, 2, 3], [1, 1, 1], [2, 2, 2]).value == pytest.approx(2 / 3)


def test_the_interval_score_is_width_plus_what_lies_outside():
    label, forecast, day = sample(7)
    low, high = forecast - 1, forecast + 2
    wanted = []
    for y, a, b in zip(label, low, high, strict=True):
        miss = a - y if y < a else y - b if y > b else 0
        wanted.append(b - a + 2 / 0.1 * miss)
    got = interval_score(label, low, high, nominal=0.9, cluster=day)
    assert got.value == pytest.approx(np.mean(wanted))
    assert got.low < got.value < got.high


def test_the_interval_score_is_the_pinball_losses_of_both_ends():
    label, forecast, _ = sample(8)
    low, high = forecast - 1, forecast + 2
    both = [sklearn_metrics.mean_pinball_loss(label, end, alpha=tail) for end, tail in ((low, 0.1), (high, 0.9))]
    assert interval_score(label, low, high, nominal=0.8).value == pytest.approx(sum(both) / 0.1)


def test_the_true_quantiles_score_lowest():
    label = np.random.default_rng(9).normal(size=20_000)
    best = interval_score(label, np.full(20_000, -1.2816), np.full(20_000, 1.2816), nominal=0.8)
    for half in (0.9, 1.8):
        assert interval_score(label, np.full(20_000, -half), np.full(20_000, half), nominal=0.8).low > best.value


@pytest.mark.parametrize(
    ("function", "given", "says"),
    [
        (mase, ([1, 2], [1], [1, 2]), "2 labels and 1 forecasts"),
        (mase, ([], [], [1, 2]), "one at least"),
        (mase, ([1], [1], [1, float("inf")]), "insample holds a value that is not finite"),
        (median_absolute_error, ([1, float("nan")], [1, 2]), "label holds a value that is not finite"),
        (interval_coverage, ([1, 2], [0], [2, 3]), "2 labels, 1 lows and 2 highs"),
        (interval_coverage, ([1, 2], [0, 3], [2, 2]), "low 3 is above high 2\n  where: row 1"),
        (interval_coverage, ([], [], []), "one at least"),
        (interval_score, ([1], [0], [2], 1.0), "the nominal coverage 1.0 is none"),
        (interval_score, ([1], [0], [2], 95), "the nominal coverage 95 is none"),
    ],
)
def test_what_is_no_forecast_is_refused(function, given, says):
    with pytest.raises(BadSample, match=says):
        function(*given)


def test_a_level_outside_0_and_1_is_refused():
    label, forecast, _ = sample(10)
    for call in (
        lambda: median_absolute_error(label, forecast, level=95),
        lambda: mase(label, forecast, label, level=95),
        lambda: interval_coverage(label, forecast, forecast, level=95),
        lambda: interval_score(label, forecast, forecast, 0.8, level=95),
    ):
        with pytest.raises(BadSample, match="no confidence level"):
            call()
