"""The doses at which faults are planted, and the smallest that is found."""

import pytest
from benchmarks.dose_response import smallest_dose
from benchmarks.worlds.doses import SEEDS, asked, faults, jobs

FAULTS = faults()


def doses(*found):
    return [{"dose": dose, "seeds": 200, "found": share} for dose, share in zip((0, 0.1, 0.2, 0.4), found, strict=True)]


@pytest.mark.parametrize("fault", FAULTS, ids=[fault.name for fault in FAULTS])
def test_doses_go_up_from_none_over_the_promised_one(fault):
    assert fault.doses[0] == 0
    assert list(fault.doses) == sorted(set(fault.doses))
    assert any(dose == pytest.approx(fault.promised) for dose in fault.doses)
    assert len(fault.doses) >= 4
    if "share" in fault.planter.effect:
        assert fault.doses[-1] <= 1


def test_every_dose_gets_all_seeds_once():
    places = [place for _, _, place in jobs()]
    assert len(places) == len(set(places)) == sum(len(fault.doses) for fault in FAULTS) * SEEDS / 20


def test_the_smallest_dose_is_interpolated_between_those_planted():
    assert smallest_dose(doses(0, 0, 0.6, 1), 0.8, is_counted=False) == "0.3"
    assert smallest_dose(doses(0, 0, 0.6, 1), 0.8, is_counted=True) == "0.4"
    assert smallest_dose(doses(0, 0, 0.6, 0.7), 0.8, is_counted=False) == "none planted"


def test_a_dose_at_which_the_question_no_longer_arises_does_not_hide_those_before():
    assert smallest_dose(doses(0, 0.6, 1, 0), 0.8, is_counted=False) == "0.15"


def test_a_fault_is_found_at_a_high_dose_and_not_at_none():
    none, high = (asked(("LEK001.1", dose, 1000)) for dose in (0.0, 1.0))
    assert none == {"fault": "LEK001.1", "dose": 0.0, "seeds": 20, "found": 0, "strong": 0, "crashed": 0}
    assert high == none | {"dose": 1.0, "found": 20, "strong": 20}
