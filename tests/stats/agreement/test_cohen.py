import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score
from tests.stats.agreement.worlds import drawn, jackknife_error

from heldout.stats.agreement import cohen_kappa, cohen_kappa_from_table
from heldout.stats.sample import BadSample

TABLE = [[106, 10, 4], [22, 28, 10], [2, 12, 6]]
"""200 diagnoses by two raters: Fleiss, Cohen & Everitt 1969, with their weights."""

THEIR_WEIGHTS = [[1, 0, 4 / 9], [0, 1, 6 / 9], [4 / 9, 6 / 9, 1]]

RATINGS = st.lists(st.tuples(st.integers(1, 3), st.integers(1, 3)), min_size=2, max_size=60)


@pytest.mark.parametrize("weights", [None, "linear", "quadratic"])
@given(pairs=RATINGS)
def test_the_value_is_that_of_scikit_learn(weights, pairs):
    first, second = (list(side) for side in zip(*pairs, strict=True))
    kappa = cohen_kappa(first, second, weights, categories=[1, 2, 3])
    if kappa.estimate.value is None:
        assert len(set(first + second)) == 1
    else:
        wanted = cohen_kappa_score(first, second, weights=weights, labels=[1, 2, 3])
        assert kappa.estimate.value == pytest.approx(wanted)


def test_the_table_of_the_paper_has_the_kappa_of_its_shares():
    kappa = cohen_kappa_from_table(TABLE)
    assert (kappa.observed, kappa.expected) == pytest.approx((0.70, 0.475))
    assert kappa.estimate.value == pytest.approx(0.225 / 0.525)
    half = 1.959964 * kappa.standard_error
    assert kappa.estimate.low == pytest.approx(kappa.estimate.value - half)
    weighted = cohen_kappa_from_table(TABLE, THEIR_WEIGHTS)
    assert weighted.observed == pytest.approx(0.70 + 6 / 200 * 4 / 9 + 22 / 200 * 6 / 9)
    assert weighted.standard_error == pytest.approx(
        jackknife_error(lambda pair: cohen_kappa(*pair, THEIR_WEIGHTS).estimate.value, pairs_of(TABLE)), rel=0.01
    )


def pairs_of(table):
    return np.repeat(np.indices((3, 3)).reshape(2, -1), np.ravel(table), axis=1) + 1


def test_a_table_and_its_ratings_say_the_same():
    first, second = pairs_of(TABLE)
    for weights in (None, "linear", "quadratic"):
        assert cohen_kappa(first, second, weights) == cohen_kappa_from_table(TABLE, weights)


@pytest.mark.parametrize("weights", [None, "linear", "quadratic"])
def test_the_standard_error_is_that_of_leaving_units_out(weights):
    ratings = drawn(3, raters=2, units=400, missing=0)
    kappa = cohen_kappa(*ratings, weights)
    slow = jackknife_error(lambda r: cohen_kappa_score(*r, weights=weights), ratings)
    assert kappa.standard_error == pytest.approx(slow, rel=0.02)


def test_without_agreement_the_statistic_is_standard_normal():
    rng = np.random.default_rng(5)
    z = np.array([cohen_kappa(*rng.choice(3, (2, 80), p=[0.5, 0.3, 0.2]), "linear").statistic for _ in range(600)])
    assert abs(z.mean()) < 0.15
    assert 0.9 < z.std() < 1.1


def test_p_value_is_two_sided_z():
    kappa = cohen_kappa_from_table([[40, 9], [6, 45]])
    assert kappa.statistic == pytest.approx(kappa.estimate.value / kappa.null_standard_error)
    assert kappa.p_value == pytest.approx(2.4e-12, rel=0.1)
    assert cohen_kappa_from_table([[25, 25], [25, 25]]).p_value == 1


@given(RATINGS)
def test_raters_and_names_of_categories_can_be_exchanged(pairs):
    first, second = (list(side) for side in zip(*pairs, strict=True))
    names = {1: "c", 2: "a", 3: "b"}
    there, back = cohen_kappa(first, second), cohen_kappa(second, first)
    renamed = cohen_kappa([names[x] for x in first], [names[x] for x in second])
    if there.estimate.value is not None:
        assert back.estimate.value == pytest.approx(there.estimate.value)
        assert renamed.estimate.value == pytest.approx(there.estimate.value)
        assert renamed.expected == pytest.approx(there.expected)


def test_a_unit_that_one_rater_left_out_is_dropped():
    kappa = cohen_kappa([1, 2, None, 1, 2], [1, 2, 2, float("nan"), 1])
    assert kappa.units == kappa.estimate.n == 3
    assert kappa.estimate.value == cohen_kappa([1, 2, 2], [1, 2, 1]).estimate.value


def test_steps_between_categories_count_those_that_nobody_gave():
    first, second = [1, 2, 4, 4], [1, 4, 4, 2]
    assert cohen_kappa(first, second, "linear").observed == 0.75
    assert cohen_kappa(first, second, "linear", categories=[1, 2, 3, 4]).observed == pytest.approx(2 / 3)
    texts = cohen_kappa(["lo", "hi"], ["lo", "mid"], "linear", categories=["lo", "mid", "hi"])
    assert texts.observed == 0.75


def test_one_category_throughout_leaves_kappa_undefined():
    kappa = cohen_kappa([2] * 50, [2] * 50)
    assert kappa.estimate.value is None
    assert "one category" in kappa.estimate.undefined_because
    assert (kappa.observed, kappa.expected, kappa.standard_error) == (1, 1, None)


def test_one_raters_single_category_gives_a_kappa_of_zero():
    kappa = cohen_kappa([1] * 40, [1, 2] * 20)
    assert kappa.estimate.value == 0
    assert "no unit moves" in kappa.estimate.undefined_because


def test_full_agreement_has_a_value_and_no_interval():
    estimate = cohen_kappa([1, 2] * 20, [1, 2] * 20).estimate
    assert estimate.value == 1
    assert not estimate.is_defined
    assert "no unit moves the value" in estimate.undefined_because


def test_raters_who_share_no_unit_have_no_kappa():
    kappa = cohen_kappa([1, None], [None, 2])
    assert kappa.estimate.value is None
    assert "no unit was rated twice" in kappa.estimate.undefined_because


def test_below_the_floor_the_value_stands_without_an_interval():
    table = [[10, 3], [4, 11]]
    withheld, lowered = cohen_kappa_from_table(table), cohen_kappa_from_table(table, floor=0)
    assert withheld.estimate.value == lowered.estimate.value
    assert withheld.standard_error == lowered.standard_error
    assert "30 units" in withheld.estimate.undefined_because
    assert "28" in withheld.estimate.undefined_because
    assert lowered.estimate.is_defined


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: cohen_kappa([1, 2], [1]), "shapes"),
        (lambda: cohen_kappa([[1, 2]], [[1, 2]]), "shapes"),
        (lambda: cohen_kappa([], []), "empty"),
        (lambda: cohen_kappa([1, np.inf], [1, 2]), "finite"),
        (lambda: cohen_kappa([None, None], [None, None]), "missing"),
        (lambda: cohen_kappa(["a", "b"], ["a", "b"], "linear"), "no order"),
        (lambda: cohen_kappa([1, 2], [1, 2], "cubic"), "no weights"),
        (lambda: cohen_kappa([1, 2], [1, 2], level=95), "level"),
        (lambda: cohen_kappa([1, 2], [1, 2], floor=-1), "floor"),
        (lambda: cohen_kappa_from_table([[0, 0], [0, 0]]), "empty"),
    ],
)
def test_bad_input_is_refused(call, said):
    with pytest.raises(BadSample, match=said):
        call()
