import pytest
from tests.alike import alike
from tests.worlds import planters

from heldout.faults.planter import Planter

ALL = [(code, planter) for code, (_, many) in sorted(planters().items()) for planter in many]
every_planter = pytest.mark.parametrize("planter", [p for _, p in ALL], ids=[f"{code}-{p.fault}" for code, p in ALL])


@every_planter
def test_a_seed_gives_the_same_world_each_time(planter: Planter):
    one, other = planter.build(3, 1.0), planter.build(3, 1.0)
    assert one.keys() == other.keys()
    assert all(alike(one[name], other[name]) for name in one)


@every_planter
def test_the_fault_makes_a_difference_and_says_what_it_is(planter: Planter):
    faulty, clean = planter.build(3, 1.0), planter.build(3, 0.0)
    assert faulty.keys() == clean.keys()
    assert not all(alike(faulty[name], clean[name]) for name in faulty)
    assert planter.fault.endswith(".")
    assert planter.effect
