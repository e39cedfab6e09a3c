import numpy as np
import pytest

from heldout.stats.agreement import agreement_weights
from heldout.stats.sample import BadSample

# the second row of each matrix for categories 1..4, by the formulas of Gwet 2014, ch. 3
SECOND_ROW = {
    "identity": [0, 1, 0, 0],
    "linear": [2 / 3, 1, 2 / 3, 1 / 3],
    "quadratic": [8 / 9, 1, 8 / 9, 5 / 9],
    "radical": [1 - (1 / 3) ** 0.5, 1, 1 - (1 / 3) ** 0.5, 1 - (2 / 3) ** 0.5],
    "ordinal": [5 / 6, 1, 5 / 6, 1 / 2],
    "ratio": [1 - (1 / 9) / (9 / 25), 1, 1 - (1 / 25) / (9 / 25), 1 - (1 / 9) / (9 / 25)],
    "circular": [0.5, 1, 0.5, 0],
    "bipolar": [1 - (1 / 5), 1, 1 - (1 / 9), 1 - (4 / 8)],
}


@pytest.mark.parametrize(("kind", "row"), SECOND_ROW.items())
def test_weights_follow_their_published_formulas(kind, row):
    weights = agreement_weights([1, 2, 3, 4], kind)
    assert weights[1] == pytest.approx(row)
    assert (weights == weights.T).all()
    assert np.diag(weights).tolist() == [1, 1, 1, 1]
    assert weights.min() == pytest.approx(0, abs=1e-12)


def test_distances_are_those_of_the_scores():
    assert agreement_weights([1, 2, 5], "linear")[1] == pytest.approx([0.75, 1, 0.25])
    assert agreement_weights([1, 2, 5], "ordinal")[1] == pytest.approx([2 / 3, 1, 2 / 3])


def test_one_category_agrees_with_itself():
    for kind in SECOND_ROW:
        assert agreement_weights([3], kind).tolist() == [[1]]


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("squared", "no weights 'squared'"),
        (np.eye(2), "shape"),
        (1 - np.eye(3), "no weights of agreement"),
        ([[1, 0.5, 0], [0.2, 1, 0], [0, 0, 1]], "no weights of agreement"),
        ([[1, 2, 0], [2, 1, 0], [0, 0, 1]], "no weights of agreement"),
        ([[1, np.nan, 0], [2, 1, 0], [0, 0, 1]], "finite"),
    ],
)
def test_what_are_no_weights_is_refused(kind, said):
    with pytest.raises(BadSample, match=said):
        agreement_weights([1, 2, 3], kind)


def test_ratio_weights_need_a_true_zero_and_a_matrix_has_its_bounds():
    with pytest.raises(BadSample, match="true zero"):
        agreement_weights([-1, 0, 1], "ratio")
    assert agreement_weights([0, 1], "ratio").tolist() == [[1, 0], [0, 1]]
    with pytest.raises(BadSample, match="5000 categories"):
        agreement_weights(np.arange(5000), None)
