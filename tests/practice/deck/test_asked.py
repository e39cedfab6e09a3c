"""Questions beside their keys: what is asked holds no key, and options stand in an order that tells nothing."""

from collections import Counter

import numpy as np
import pytest

from heldout.practice.deck.asked import Verdicts, choice, drill, first, number, order, pick
from heldout.practice.deck.choices import option, ranked, shuffled, shuffled_steps
from heldout.practice.deck.points import number_point, probe, verdict_point
from heldout.practice.drill import Drill, Feedback
from heldout.practice.point import Said

STEPS = ("split", "fit", "score", "report")
VERDICTS = Verdicts(fault="it leaks", clean="it holds", others=("it is small", "it is late"))


def made(seed: int, right: str = "the split", steps: tuple[str, ...] = STEPS) -> Drill:
    rng = np.random.default_rng(seed)
    credit = {one: float(one == right) for one in ("the split", "the metric", "the sample")}
    asked = (
        choice(rng, "fault", "What is wrong?", 30, credit, "it is"),
        order(rng, "fix", "In which order?", 30, steps, "so"),
        first(rng, 10, ("whose rows?", "which library?"), "rows decide"),
        number("lift", "How much?", 20, "share", 0.125, "computed", absolute=0.01),
        pick("rows", "Which rows?", 10, "table", [3, 1], "counted"),
    )
    return drill("", (), asked, (), Feedback(evidence="", price=""))


def test_answers_by_text_earn_all_points_whatever_the_order_of_the_options() -> None:
    for seed in range(20):
        drilled = made(seed)
        answers = {
            "fault": option(drilled.shown, "fault", "the split"),
            "fix": ranked(drilled.shown, "fix", STEPS),
            "first": option(drilled.shown, "first", "whose rows?"),
            "lift": 0.12,
            "rows": (1, 3),
        }
        assert drilled.mark(answers).total == pytest.approx(100)


def test_the_right_option_stands_in_each_place_about_as_often() -> None:
    places = Counter(made(seed).keys["fault"].credit.index(1) for seed in range(600))
    assert all(150 <= places[place] <= 250 for place in range(3))


def test_options_stand_in_the_same_order_whichever_of_them_is_right() -> None:
    for seed in range(20):
        assert made(seed).shown == made(seed, right="the metric").shown


def test_the_order_that_is_given_leaves_no_trace() -> None:
    one, other = (shuffled(np.random.default_rng(3), given) for given in ([("a", 1), ("b", 0)], [("b", 0), ("a", 1)]))
    assert one == other


def test_what_follows_an_order_is_drawn_alike_whatever_is_right() -> None:
    for seed in range(20):
        one, other = (made(seed, steps=steps).shown.questions for steps in (STEPS, STEPS[::-1]))
        assert one[2] == other[2]


def test_steps_stand_in_another_order_than_the_right_one_and_each_other_one_as_often() -> None:
    steps = ("look", "think", "act")
    seen = Counter()
    for seed in range(500):
        options, order_of = shuffled_steps(np.random.default_rng(seed), steps)
        assert tuple(options[place] for place in order_of) == steps
        seen[options] += 1
    assert steps not in seen
    assert len(seen) == 5
    assert min(seen.values()) > 60


def test_options_with_the_same_text_are_refused() -> None:
    with pytest.raises(ValueError, match="same text"):
        shuffled(np.random.default_rng(0), [("4", 1.0), ("4", 0.0)])


def test_an_option_that_is_not_there_is_an_error() -> None:
    with pytest.raises(ValueError, match="not in tuple"):
        option(made(1).shown, "fault", "the weather")


@pytest.mark.parametrize("planted", [True, False])
def test_a_verdict_is_right_of_one_of_the_twins(planted) -> None:
    asked = VERDICTS.asked(np.random.default_rng(1), "And?", 40, planted, "so")
    assert asked.question.options[asked.key.credit.index(1.0)] == VERDICTS.right(planted)
    assert sum(asked.key.credit) == 1


def test_a_probe_names_its_right_choice() -> None:
    for seed in range(10):
        asked = probe(np.random.default_rng(seed), "Is it?", "yes", "no", "perhaps")
        assert asked.options[asked.right] == "yes"
        assert sorted(asked.options) == ["no", "perhaps", "yes"]


def test_a_point_that_does_not_hold_is_a_denial() -> None:
    says = ("It leaks.", "It does not leak.")
    point = verdict_point(
        np.random.default_rng(1),
        "leaks",
        "It ...",
        "leaks",
        "holds",
        "x",
        holds=False,
        says=says,
        anchors=(("leak*",),),
    )
    assert (point.denied, point.says, point.probe.options[point.probe.right]) == (True, "It does not leak.", "holds")


def test_a_number_point_offers_its_number_among_others_once() -> None:
    point = number_point(
        np.random.default_rng(1),
        "n",
        "How many?",
        "4",
        "5",
        "4",
        says="It is 4.",
        anchors=(("it",),),
        said=Said(value=4, tolerance=0),
    )
    assert sorted(point.probe.options) == ["4", "5"]
    assert point.probe.options[point.probe.right] == "4"
