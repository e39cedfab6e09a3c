import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from heldout.stats import BadSample, holm

p_values = st.lists(st.floats(0, 1), min_size=1, max_size=12)


@given(p_values, st.floats(0.001, 0.5))
def test_holm_rejects_what_the_step_down_procedure_rejects(p, alpha):
    rejected = 0
    for step, value in enumerate(sorted(p)):
        if value * (len(p) - step) > alpha:
            break
        rejected += 1
    assert np.count_nonzero(holm(p) <= alpha) == rejected


@given(p_values, st.randoms(use_true_random=False))
def test_holm_answers_in_the_order_that_it_was_asked(p, random):
    order = random.sample(range(len(p)), len(p))
    assert holm([p[i] for i in order]) == pytest.approx(holm(p)[order])


def test_no_p_values_need_no_adjustment():
    assert holm([]).size == 0


@pytest.mark.parametrize("p", [[1.2], [-0.1], [float("nan")], [[0.1]]])
def test_what_is_no_p_value_is_refused(p):
    with pytest.raises(BadSample):
        holm(p)
