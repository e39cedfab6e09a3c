import numpy as np
import pytest

from heldout.stats import BadSample, auc_delong
from heldout.stats.metrics.hanley_mcneil import hanley_mcneil, hanley_mcneil_standard_error


def test_the_published_standard_error_of_the_ct_ratings_comes_out():
    # Hanley & McNeil 1982, Radiology 143:29, Table II: W = 0.893 of 51 abnormal and 58 normal, SE 0.032
    assert hanley_mcneil_standard_error(0.893, 51, 58) == pytest.approx(0.032, abs=6e-4)


def test_it_is_the_variance_of_the_share_of_ordered_pairs_of_exponential_scores():
    rng = np.random.default_rng(0)
    aucs = []
    for _ in range(4000):
        positive, negative = rng.exponential(4, 12), rng.exponential(1, 9)
        aucs.append((positive[:, None] > negative).mean())
    assert hanley_mcneil_standard_error(0.8, 12, 9) == pytest.approx(np.std(aucs), rel=0.04)


def test_it_is_near_delongs_on_scores_that_are_no_exponentials():
    rng = np.random.default_rng(1)
    label = np.arange(3000) % 3 == 0
    delong = auc_delong(label, label + rng.normal(0, 1, 3000))
    known = hanley_mcneil(delong.value, int(label.sum()), int((~label).sum()))
    assert known.high - known.low == pytest.approx(delong.high - delong.low, rel=0.1)
    assert known.n == 3000


def test_swapped_classes_mirror_the_estimate():
    there, back = hanley_mcneil(0.8, 40, 90), hanley_mcneil(0.2, 90, 40)
    assert (1 - back.high, 1 - back.low) == pytest.approx((there.low, there.high), abs=0.02)


def test_few_rows_and_the_ends_have_no_interval():
    assert "19 rows" in hanley_mcneil(0.8, 19, 40).undefined_because
    assert "0 or 1" in hanley_mcneil(1.0, 30, 40).undefined_because
    assert hanley_mcneil(1.0, 30, 40).value == 1


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ((1.2, 30, 30), "1.2 is no AUC"),
        ((float("nan"), 30, 30), "auc is nan"),
        ((0.8, 0, 30), "positives is 0"),
        ((0.8, 30, 30.5), "negatives is 30.5"),
        ((0.8, 30, 30, 95), "95 is no confidence level"),
    ],
)
def test_what_is_no_auc_of_two_classes_is_refused(given, says):
    with pytest.raises(BadSample, match=says):
        hanley_mcneil(*given)
