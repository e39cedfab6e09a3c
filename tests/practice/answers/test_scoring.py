"""What an explanation earns."""

import pytest

from heldout.practice.answers import Explanation, Heard, Standing, score
from heldout.practice.point import Probe

PROBE = Probe(ask="?", options=("a", "b", "c"), right=1)


def heard(standing: Standing, *, is_said: bool = False, name: str = "p") -> Heard:
    return Heard(point=name, standing=standing, probe=PROBE if standing is Standing.UNCLEAR else None, is_said=is_said)


def test_a_covered_point_earns_all_and_a_missing_one_nothing() -> None:
    told = Explanation(heard=(heard(Standing.COVERED, name="a"), heard(Standing.MISSING, name="b")))
    assert score(told).before == score(told).after == 50


def test_a_contradiction_costs_and_the_total_is_never_below_zero() -> None:
    both = Explanation(heard=(heard(Standing.COVERED, name="a"), heard(Standing.CONTRADICTED, name="b")))
    assert score(both).before == 25
    assert score(Explanation(heard=(heard(Standing.CONTRADICTED),))).before == 0


@pytest.mark.parametrize(("is_said", "earns"), [(True, 1.0), (False, 0.5)])
def test_a_right_probe_earns_more_where_the_answer_held_the_point_and_a_guess_earns_nothing(is_said, earns) -> None:
    told = Explanation(heard=(heard(Standing.UNCLEAR, is_said=is_said),))
    assert score(told).after == 0
    shares = [score(told, {"p": option}).shares["p"] for option in range(3)]
    assert shares[1] == earns
    assert sum(shares) == pytest.approx(0)


def test_a_probe_that_was_not_asked_or_an_option_that_is_not_there_changes_nothing() -> None:
    told = Explanation(heard=(heard(Standing.MISSING),))
    assert score(told, {"p": 1}).after == 0
    assert score(Explanation(heard=(heard(Standing.UNCLEAR),)), {"p": 9}).after == 0
    assert score(Explanation(heard=())).after == 0
