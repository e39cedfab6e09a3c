import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import false_discovery_control

from heldout.stats.multiplicity import (
    benjamini_hochberg,
    benjamini_yekutieli,
    bonferroni,
    hochberg,
    holm,
    sidak,
)
from heldout.stats.sample import BadSample

ADJUSTMENTS = [benjamini_hochberg, benjamini_yekutieli, bonferroni, hochberg, holm, sidak]
p_values = st.lists(st.floats(0, 1), min_size=1, max_size=12)

# Benjamini & Hochberg 1995, JRSS B 57:289, section 4
NEUHAUS = [
    0.0001,
    0.0004,
    0.0019,
    0.0095,
    0.0201,
    0.0278,
    0.0298,
    0.0344,
    0.0459,
    0.324,
    0.4262,
    0.5719,
    0.6528,
    0.759,
    1,
]


@given(p_values, st.floats(0.001, 0.5))
def test_holm_rejects_what_the_step_down_procedure_rejects(p, alpha):
    rejected = 0
    for step, value in enumerate(sorted(p)):
        if value * (len(p) - step) > alpha:
            break
        rejected += 1
    assert np.count_nonzero(holm(p) <= alpha) == rejected


@pytest.mark.parametrize(
    ("adjust", "factor"),
    [
        (hochberg, lambda rank, m: m - rank + 1),
        (benjamini_hochberg, lambda rank, m: m / rank),
        (benjamini_yekutieli, lambda rank, m: m / rank * sum(1 / i for i in range(1, m + 1))),
    ],
)
@given(p=p_values, alpha=st.floats(0.001, 0.5))
def test_step_up_methods_reject_all_up_to_the_largest_that_passes(adjust, factor, p, alpha):
    passed = [rank for rank, value in enumerate(sorted(p), 1) if value * factor(rank, len(p)) <= alpha * (1 + 1e-12)]
    assert np.count_nonzero(adjust(p) <= alpha * (1 + 1e-12)) == max(passed, default=0)


@pytest.mark.parametrize(("adjust", "method"), [(benjamini_hochberg, "bh"), (benjamini_yekutieli, "by")])
@given(p=p_values)
def test_false_discovery_control_is_scipys(adjust, method, p):
    assert adjust(p) == pytest.approx(false_discovery_control(p, method=method))


@pytest.mark.parametrize(("adjust", "rejected"), [(benjamini_hochberg, 4), (bonferroni, 3), (hochberg, 3), (holm, 3)])
def test_the_published_comparisons_are_rejected(adjust, rejected):
    assert np.flatnonzero(adjust(NEUHAUS) <= 0.05).tolist() == list(range(rejected))


@given(p_values)
def test_methods_are_ordered_by_what_they_assume(p):
    assert (hochberg(p) <= holm(p) + 1e-12).all()
    assert (holm(p) <= bonferroni(p) + 1e-12).all()
    assert (sidak(p) <= bonferroni(p) + 1e-12).all()
    assert (benjamini_hochberg(p) <= hochberg(p) + 1e-12).all()
    assert (benjamini_hochberg(p) <= benjamini_yekutieli(p) + 1e-12).all()


@pytest.mark.parametrize("adjust", ADJUSTMENTS)
@given(p=p_values, random=st.randoms(use_true_random=False))
def test_answers_come_in_the_order_that_was_asked_and_are_never_below_what_was_given(adjust, p, random):
    order = random.sample(range(len(p)), len(p))
    assert adjust([p[i] for i in order]) == pytest.approx(adjust(p)[order])
    assert (adjust(p) >= np.array(p) * (1 - 1e-12)).all()
    assert (adjust(p) <= 1).all()


@pytest.mark.parametrize("adjust", ADJUSTMENTS)
def test_one_test_alone_needs_no_adjustment(adjust):
    assert adjust([0.03]) == pytest.approx([0.03])
    assert adjust([]).size == 0


def test_sidak_keeps_small_p_values():
    assert sidak([1e-18, 1.0])[0] == pytest.approx(2e-18)
    assert sidak([1e-18, 1.0])[1] == 1


@pytest.mark.parametrize("adjust", ADJUSTMENTS)
@pytest.mark.parametrize(
    ("p", "says"), [([0.1, 1.2], "row 1"), ([-0.1], "row 0"), ([float("nan")], "row 0"), ([[0.1]], "axes")]
)
def test_what_is_no_p_value_is_refused(adjust, p, says):
    with pytest.raises(BadSample, match=says):
        adjust(p)
