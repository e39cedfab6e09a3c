import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from heldout.stats import BadSample, clustered_standard_error

influences = st.lists(st.integers(-999, 999), min_size=2, max_size=30).map(lambda parts: np.array(parts) / 999)


@given(influences)
def test_rows_in_clusters_of_one_are_independent_rows(influence):
    alone = clustered_standard_error(influence, np.arange(influence.size))
    assert alone == pytest.approx(clustered_standard_error(influence))


@given(influences)
def test_doubling_every_row_within_its_cluster_changes_nothing_once_rescaled(influence):
    once = clustered_standard_error(influence, np.arange(influence.size))
    twice = clustered_standard_error(np.repeat(influence / 2, 2), np.repeat(np.arange(influence.size), 2))
    assert twice == pytest.approx(once)


@given(influences, st.randoms(use_true_random=False))
def test_row_order_and_cluster_names_do_not_matter(influence, random):
    cluster = np.array([0, 1] + [random.randrange(4) for _ in influence[2:]])
    order = random.sample(range(influence.size), influence.size)
    names = np.array(["mon", "tue", "wed", "thu"])[cluster]
    assert clustered_standard_error(influence[order], names[order]) == pytest.approx(
        clustered_standard_error(influence, cluster)
    )


@pytest.mark.parametrize(
    "keys", [[1, 1, 2], ["a", "a", "b"], np.array(["2013-11-01", "2013-11-01", "2013-11-02"], dtype="datetime64[D]")]
)
def test_clusters_may_be_numbers_texts_or_times(keys):
    assert clustered_standard_error([1.0, 1.0, -2.0], keys) == pytest.approx(4.0)


@pytest.mark.parametrize(
    ("cluster", "says"),
    [
        ([1, 2], "shape"),
        ([1.0, float("nan"), 2.0], "row 1"),
        (["a", "b", None], "row 2"),
        (np.array(["2013-11-01", "NaT", "2013-11-02"], dtype="datetime64[D]"), "row 1"),
        (np.array([1, "a", 2], dtype=object), "different kinds"),
        ([3, 3, 3], "fewer than two clusters"),
    ],
)
def test_clusters_that_cannot_be_used_are_refused(cluster, says):
    with pytest.raises(BadSample, match=says):
        clustered_standard_error([0.1, 0.2, -0.3], cluster)


@given(influences)
def test_without_the_correction_the_variance_is_the_sum_of_squares(influence):
    plain, corrected = (clustered_standard_error(influence, correction=name) for name in ("CR0", "CR1"))
    assert plain == pytest.approx(np.sqrt(influence @ influence))
    assert corrected == pytest.approx(plain * np.sqrt(influence.size / (influence.size - 1)))


def test_a_correction_or_influence_that_does_not_exist_is_refused():
    with pytest.raises(BadSample, match="CR9"):
        clustered_standard_error([0.1, -0.1], correction="CR9")
    with pytest.raises(BadSample, match="row 1"):
        clustered_standard_error([0.1, float("nan")])
