import numpy as np
import pytest
from tests.worlds import planters

from heldout.faults.planter import Planter, Table

ALL = [(code, planter) for code, (_, many) in sorted(planters().items()) for planter in many]
every_planter = pytest.mark.parametrize("planter", [p for _, p in ALL], ids=[f"{code}-{p.fault}" for code, p in ALL])


def same(one, other):
    if isinstance(one, Table):
        return all(
            np.array_equal(one.columns[n], other.columns[n]) or differ_in_nan(one, other, n) for n in one.columns
        )
    return one == other


def differ_in_nan(one, other, name):
    return np.asarray(one.columns[name]).dtype.kind == "f" and np.array_equal(
        one.columns[name], other.columns[name], equal_nan=True
    )


@every_planter
def test_a_seed_gives_the_same_world_each_time(planter: Planter):
    one, other = planter.build(3, 1.0), planter.build(3, 1.0)
    assert one.keys() == other.keys()
    assert all(same(one[name], other[name]) for name in one)


@every_planter
def test_the_fault_makes_a_difference_and_says_what_it_is(planter: Planter):
    faulty, clean = planter.build(3, 1.0), planter.build(3, 0.0)
    assert faulty.keys() == clean.keys()
    assert not all(same(faulty[name], clean[name]) for name in faulty)
    assert planter.fault.endswith(".")
    assert planter.effect
