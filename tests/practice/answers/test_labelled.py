"""The labelled answers that ship: what is promised of them."""

from collections import Counter
from random import Random

from heldout.practice.answers import Heard, Standing, read
from heldout.practice.answers.corpus import Label, Typed, labelled, labelled_points
from heldout.practice.drill import Family

POINTS = labelled_points()


def heard(typed: Typed) -> Heard:
    return read(typed.text, (POINTS[typed.point][1],)).heard[0]


def test_there_are_enough_answers_of_each_label_for_points_of_all_families() -> None:
    every = labelled()
    assert len(every) >= 240
    assert len({one.text for one in every}) == len(every)
    assert {POINTS[one.point][0] for one in every} == set(Family)
    assert len({one.point for one in every}) >= 20
    assert min(Counter(one.label for one in every).values()) >= 20
    assert set(Counter(one.label for one in every)) == set(Label)


def test_no_negated_answer_is_credited_nor_one_that_is_off_topic_or_a_list() -> None:
    wrong = (Label.NEGATED, Label.OFF_TOPIC, Label.KEYWORDS)
    assert [one.text for one in labelled() if one.label in wrong and heard(one).standing is Standing.COVERED] == []


def test_lists_and_what_is_off_topic_are_not_even_asked_about() -> None:
    probed = [one.text for one in labelled() if one.label in (Label.OFF_TOPIC, Label.KEYWORDS) and heard(one).probe]
    assert probed == []


def test_right_answers_are_credited_directly_or_after_one_probe_and_never_contradicted() -> None:
    right = [one for one in labelled() if one.label in (Label.RIGHT, Label.PARAPHRASED)]
    ways = Counter(heard(one).standing for one in right)
    assert ways[Standing.COVERED] + ways[Standing.UNCLEAR] >= 0.95 * len(right)
    assert ways[Standing.CONTRADICTED] == 0
    assert ways[Standing.COVERED] >= 0.3 * len(right)


def test_the_order_of_sentences_of_an_answer_to_another_point_credits_nothing() -> None:
    rng = Random(5)
    right = [one for one in labelled() if one.label is Label.RIGHT]
    for _ in range(300):
        one, other = rng.sample(right, 2)
        family, point = POINTS[other.point]
        if POINTS[one.point][0] is not family:
            assert read(one.text, (point,)).heard[0].standing is not Standing.COVERED
