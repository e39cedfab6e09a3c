import numpy as np
import pytest
from scipy import stats

from heldout.stats.resampling import bootstrap, cluster_bootstrap, correlation, jackknife_standard_error
from heldout.stats.sample import BadSample, Undefined

LSAT = [576, 635, 558, 578, 666, 580, 555, 661, 651, 605, 653, 575, 545, 572, 594]
GPA = [339, 330, 281, 303, 344, 307, 300, 343, 336, 313, 312, 274, 276, 288, 296]


def mean(values):
    return values.mean(axis=-1)


def error_of_mean(values):
    return values.std(axis=-1, ddof=1) / np.sqrt(values.shape[-1])


def test_the_law_school_data_give_what_efron_and_r_print():
    percentile = bootstrap(correlation, LSAT, GPA, kind="percentile", vectorised=True)
    bca = bootstrap(correlation, LSAT, GPA, vectorised=True)
    assert percentile.estimate.value == pytest.approx(0.7763744912894)
    assert jackknife_standard_error(correlation, LSAT, GPA) == pytest.approx(0.1425186186023, rel=1e-10)
    assert percentile.standard_error == pytest.approx(0.1335, abs=0.004)
    assert (percentile.estimate.low, percentile.estimate.high) == pytest.approx((0.4576, 0.9620), abs=0.015)
    assert (bca.estimate.low, bca.estimate.high) == pytest.approx((0.3223, 0.9406), abs=0.03)
    assert bca.acceleration == pytest.approx(-0.0757, abs=0.001)  # Efron & Tibshirani 1993


@pytest.mark.parametrize(("kind", "theirs"), [("percentile", "percentile"), ("basic", "basic"), ("bca", "BCa")])
def test_intervals_are_those_of_scipy(kind, theirs):
    sample = np.random.default_rng(1).exponential(size=40)
    ours = bootstrap(mean, sample, kind=kind, resamples=20_000, vectorised=True).estimate
    oracle = stats.bootstrap((sample,), np.mean, n_resamples=20_000, method=theirs, rng=2).confidence_interval
    assert (ours.low, ours.high) == pytest.approx((oracle.low, oracle.high), abs=0.02)


def test_the_studentised_interval_of_a_normal_mean_is_near_students():
    sample = np.random.default_rng(2).normal(size=30)
    ours = bootstrap(mean, sample, kind="studentised", vectorised=True, standard_error=error_of_mean).estimate
    theirs = stats.ttest_1samp(sample, 0).confidence_interval()
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), abs=0.05)


def test_without_a_standard_error_the_jackknifes_is_taken():
    sample = np.random.default_rng(3).normal(size=12)
    own = bootstrap(mean, sample, kind="studentised", resamples=300, vectorised=True, standard_error=error_of_mean)
    assert bootstrap(np.mean, sample, kind="studentised", resamples=300).estimate.low == pytest.approx(own.estimate.low)


@pytest.mark.parametrize("kind", ["percentile", "basic", "bca"])
def test_loops_and_vectors_give_one_result_and_one_seed_one(kind):
    sample = np.random.default_rng(4).normal(size=25)
    settings = {"kind": kind, "resamples": 700, "seed": 11}
    looped = bootstrap(np.mean, sample, **settings)
    assert looped.estimate.low == pytest.approx(bootstrap(mean, sample, vectorised=True, **settings).estimate.low)
    assert looped == bootstrap(np.mean, sample, **settings)
    assert looped != bootstrap(np.mean, sample, **settings | {"seed": 12})


def test_more_resamples_begin_with_the_same_ones():
    sample = np.arange(20.0)
    seen = []
    for resamples in (256, 512):
        drawn = []
        bootstrap(lambda x, to=drawn: (to.append(x.copy()), x.mean())[1], sample, kind="basic", resamples=resamples)
        seen.append(np.array(drawn[1:257]))
    assert (seen[0] == seen[1]).all()


def test_clusters_are_drawn_whole():
    cluster = np.repeat(np.arange(10), 3)
    values = cluster.astype(float)
    drawn = []
    cluster_bootstrap(lambda x: (drawn.append(x), x.mean())[1], values, cluster=cluster, resamples=20)
    for sample in drawn:
        assert (np.bincount(sample.astype(int)) % 3 == 0).all()


def test_the_clustered_standard_error_is_that_of_the_cluster_means():
    rng = np.random.default_rng(5)
    cluster = np.repeat(np.arange(200), 5)
    values = rng.normal(size=200)[cluster]
    found = cluster_bootstrap(np.mean, values, cluster=cluster, resamples=1_000)
    of_means = values[::5].std(ddof=1) / np.sqrt(200)
    assert found.standard_error == pytest.approx(of_means, rel=0.1)
    assert jackknife_standard_error(np.mean, values, cluster=cluster) == pytest.approx(of_means)
    assert bootstrap(np.mean, values, resamples=1_000).standard_error < 0.6 * of_means


def test_what_cannot_be_resampled_says_why():
    def picky(values):
        if np.ptp(values) < 3:
            raise Undefined("too narrow")
        return values.mean()

    assert "takes two rows" in bootstrap(np.mean, [1.0]).estimate.undefined_because
    assert "no resample moves" in bootstrap(np.mean, [1.0, 1.0, 1.0]).estimate.undefined_because
    failing = bootstrap(picky, [0.0, 0.0, 0.0, 3.0], resamples=500)
    assert failing.failed > 100
    assert "does not exist on" in failing.estimate.undefined_because
    nothing = bootstrap(correlation, [1.0, 1.0], [1.0, 2.0])
    assert nothing.estimate.value is None
    assert nothing.standard_error is None
    largest = bootstrap(np.max, [1.0, 2.0, 3.0, 4.0])
    assert largest.estimate.value == 4


def test_bca_without_replicates_on_both_sides_is_undefined():
    skewed = np.exp(np.arange(10.0))
    same = bootstrap(lambda x: -abs(x.mean() - skewed.mean()), skewed, resamples=400)
    assert "one side" in same.estimate.undefined_because


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"kind": "wild"}, "no bootstrap 'wild'"),
        ({"resamples": 1}, "1 resamples"),
        ({"seed": -1}, "the seed -1"),
        ({"seed": 1.5}, "the seed 1.5"),
        ({"level": 1.0}, "level"),
        ({"cluster": [1]}, "cluster has shape"),
    ],
)
def test_settings_out_of_range_are_refused(settings, says):
    with pytest.raises(BadSample, match=says):
        bootstrap(np.mean, [1.0, 2.0, 3.0], **settings)


@pytest.mark.parametrize(
    ("arrays", "says"),
    [
        ((), "no array"),
        (([],), "empty"),
        (([1.0, 2.0], [1.0]), "array 1 has shape"),
        (([1.0, float("nan")],), r"not finite\n  where: row 1"),
        (([[1.0]],), "array 0 has shape"),
    ],
)
def test_arrays_that_do_not_belong_together_are_refused(arrays, says):
    with pytest.raises(BadSample, match=says):
        bootstrap(np.mean, *arrays)


def test_a_statistic_that_returns_something_else_is_refused():
    with pytest.raises(BadSample, match="statistic returns shape"):
        bootstrap(lambda x: x, [1.0, 2.0])


def test_a_jackknife_takes_two_units_and_a_statistic_that_exists_without_each():
    with pytest.raises(Undefined, match="takes two rows"):
        jackknife_standard_error(np.mean, [1.0])
    with pytest.raises(Undefined, match="does not exist without one"):
        jackknife_standard_error(correlation, [1.0, 1.0, 2.0], [1.0, 2.0, 3.0])


def test_correlation_is_scipys_and_needs_variance():
    assert correlation(LSAT, GPA) == pytest.approx(stats.pearsonr(LSAT, GPA).statistic)
    with pytest.raises(Undefined, match="does not vary"):
        correlation([1.0, 1.0], [1.0, 2.0])
    with pytest.raises(BadSample, match="make no pairs"):
        correlation([1.0, 2.0], [1.0])
