"""Questions beside their keys: what is asked holds no key, and options stand in an order that tells nothing."""

from collections import Counter

import numpy as np
import pytest

from heldout.practice.drill import Shown
from heldout.practice.mark import mark
from heldout.practice.sheet import Sheet, option, ranking

STEPS = ("split", "fit", "score", "report")


def asked(seed: int, right: str = "the split", steps: tuple[str, ...] = STEPS) -> tuple[Sheet, Shown]:
    sheet = Sheet(np.random.default_rng(seed))
    credit = {one: float(one == right) for one in ("the split", "the metric", "the sample")}
    sheet.choice("fault", "What is wrong?", 40, credit, because="it is")
    sheet.order("fix", "In which order?", 30, steps, because="so")
    sheet.number("lift", "How much?", 20, 0.125, unit="share", absolute=0.01, because="computed")
    sheet.pick("rows", "Which rows?", 10, "table", [3, 1], because="counted")
    return sheet, Shown(situation="", exhibits=(), questions=sheet.questions)


def test_answers_by_text_earn_all_points_whatever_the_order_of_the_options() -> None:
    for seed in range(20):
        sheet, shown = asked(seed)
        answers = {
            "fault": option(shown, "fault", "the split"),
            "fix": ranking(shown, "fix", STEPS),
            "lift": 0.12,
            "rows": (1, 3),
        }
        assert mark(shown.questions, sheet.keys, answers).total == pytest.approx(100)


def test_the_right_option_stands_in_each_place_about_as_often() -> None:
    places = Counter(asked(seed)[0].keys["fault"].credit.index(1) for seed in range(600))
    assert all(150 <= places[place] <= 250 for place in range(3))


def test_options_stand_in_the_same_order_whichever_of_them_is_right() -> None:
    for seed in range(20):
        _, first = asked(seed)
        _, second = asked(seed, right="the metric", steps=STEPS[::-1])
        assert first == second


def test_an_option_that_is_not_there_is_an_error() -> None:
    _, shown = asked(1)
    with pytest.raises(ValueError, match="not in tuple"):
        option(shown, "fault", "the weather")


def test_a_probe_names_its_right_choice() -> None:
    for seed in range(10):
        probe = Sheet(np.random.default_rng(seed)).probe("Is it?", "yes", "no", "perhaps")
        assert probe.options[probe.right] == "yes"
        assert sorted(probe.options) == ["no", "perhaps", "yes"]
