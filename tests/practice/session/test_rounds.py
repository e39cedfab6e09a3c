"""Rounds as a learner plays them: what is asked, what it earns, and what is said."""

import pytest
from tests.practice.session.sitting import NOW, Sitting, now

from heldout.practice.attempt import Round
from heldout.practice.drill import Difficulty
from heldout.practice.question import Form
from heldout.practice.session.dealt import Dealt, deal
from heldout.practice.session.desk import Left
from heldout.practice.session.explanation import explanation_round
from heldout.practice.session.script import typed_answers
from heldout.practice.session.speed import speed_round
from heldout.practice.session.worked import worked_audit

NAME = "metric/accuracy-on-a-rare-class"


def rare(planted: bool = True) -> Dealt:
    return deal(NAME, 7, Difficulty.MIDDLE, planted)


def solved(dealt: Dealt) -> list[str]:
    return list(typed_answers(dealt).values())


def test_the_reference_solution_typed_in_earns_all_points() -> None:
    sitting = Sitting(["90%", *solved(rare())])
    attempt = speed_round(rare(), sitting.desk, now=now)
    assert attempt.score == 100
    assert attempt.confidence == 0.9
    assert attempt.round is Round.SPEED
    assert attempt.at == NOW.isoformat(timespec="seconds")
    assert [place.points for place in attempt.places.values()] == [35, 45, 20]
    assert "100 of 100 points" in sitting.said
    assert "heldout explain MET004" in sitting.said


def test_a_hint_costs_and_names_the_fault_without_saying_whether_it_is_there() -> None:
    for planted in (True, False):
        sitting = Sitting(["", "?", *solved(rare(planted))])
        attempt = speed_round(rare(planted), sitting.desk, now=now)
        assert (attempt.score, attempt.hints, attempt.confidence) == (90, 1, None)
        assert "it may or may not" in sitting.said


def test_a_hint_that_is_read_twice_costs_once() -> None:
    sitting = Sitting(["", "?", "?", *solved(rare())[:1], "?", *solved(rare())[1:]])
    attempt = speed_round(rare(), sitting.desk, now=now)
    assert (attempt.score, attempt.hints) == (90, 1)
    assert sitting.said.count("it may or may not") == 3


def test_a_wrong_answer_stands_beside_the_right_one() -> None:
    sitting = Sitting(["", "0.5", *solved(rare())[1:]])
    speed_round(rare(), sitting.desk, now=now)
    assert "You: 0.5 " in sitting.said
    assert sitting.said.count("You: ") == 1


def test_a_right_order_is_told_in_words() -> None:
    dealt = deal("comparison/baseline-tuned-less", 1, Difficulty.MIDDLE, True)
    sitting = Sitting(["", *["!"]])
    speed_round(dealt, sitting.desk, now=now)
    order = next(one for one in dealt.drill().shown.questions if one.form is Form.ORDER)
    for option in order.options:
        assert f") {option[:40]}" in sitting.said


@pytest.mark.parametrize("width", [60, 80])
def test_what_goes_on_after_an_answer_is_set_in(width: int) -> None:
    sitting = Sitting(["", "!"], width=width)
    speed_round(deal("comparison/baseline-tuned-less", 1, Difficulty.MIDDLE, True), sitting.desk, now=now)
    told = sitting.said.split(" 0 of ", 1)[1].split(" points in ")[0].splitlines()[1:-1]
    assert all(line.startswith(("  0 of", "           ")) for line in told), told


def test_a_reveal_earns_nothing_and_shows_everything() -> None:
    sitting = Sitting(["50", solved(rare())[0], "!"])
    attempt = speed_round(rare(), sitting.desk, now=now)
    assert attempt.revealed
    assert attempt.score == 0
    assert not attempt.is_right
    assert "as the answers were shown" in sitting.said


def test_the_evidence_is_shown_again_for_a_dot() -> None:
    sitting = Sitting(["50", ".", *solved(rare())])
    assert speed_round(rare(), sitting.desk, now=now).score == 100
    assert sitting.said.count("not flagged") == 2


def test_the_question_stands_below_the_evidence_that_is_shown_again() -> None:
    sitting = Sitting(["50", solved(rare())[0], ".", *solved(rare())[1:]])
    speed_round(rare(), sitting.desk, now=now)
    assert sitting.said.count("2/3  What do these numbers say?") == 2
    assert sitting.said.index("Again:") < sitting.said.rindex("2/3  What do these numbers say?")


def test_the_task_of_an_explanation_stands_below_the_evidence_that_is_shown_again() -> None:
    sitting = Sitting(["70", ".", "Some words.", "!"])
    explanation_round(rare(), sitting.desk, now=now)
    assert sitting.said.count("Explain it to the team") == 2


def test_what_is_no_answer_is_asked_for_again_and_its_time_counts() -> None:
    plain = speed_round(rare(), Sitting(["50", *solved(rare())]).desk, now=now)
    sitting = Sitting(["no idea", "50", "many", *solved(rare())])
    attempt = speed_round(rare(), sitting.desk, now=now)
    assert attempt.score == 100
    assert attempt.seconds > plain.seconds
    assert "Please type a number" in sitting.said


def test_who_leaves_in_the_middle_leaves_no_attempt() -> None:
    with pytest.raises(Left):
        speed_round(rare(), Sitting(["50", "0.9"]).desk, now=now)


def test_an_explanation_is_credited_with_the_words_that_carry_it() -> None:
    constant = rare().drill().points[1].number
    assert constant is not None
    said = f"The model does not beat always answering the commoner class. That constant reaches {constant.value:.1%}."
    sitting = Sitting(["70", said, "", "a", "b"])
    attempt = explanation_round(rare(), sitting.desk, now=now)
    assert attempt.round is Round.EXPLANATION
    assert attempt.score >= 87, sitting.said
    assert attempt.typed == said
    assert "“The model does not beat" in sitting.said


def test_the_opposite_of_a_point_costs_and_silence_does_not() -> None:
    said = "The model clearly beats the majority class."
    sitting = Sitting(["70", said, "", "b", "b"])
    attempt = explanation_round(rare(), sitting.desk, now=now)
    assert "contradicted" in sitting.said
    assert attempt.score < 50
    assert explanation_round(rare(), Sitting(["", ""]).desk, now=now).score == 0


def test_an_unclear_point_is_asked_for_once_and_earns_a_little_less() -> None:
    point = rare().drill().points[1]
    said = "Always answering the commoner class is what the model has to be compared with, and nobody did."
    right = "abc"[point.probe.right]
    sitting = Sitting(["70", said, "", *[right] * 2])
    attempt = explanation_round(rare(), sitting.desk, now=now)
    assert "I am not sure that I read this right" in sitting.said
    assert attempt.places[point.name].points in (0, 25, 50)


def test_an_explanation_that_is_revealed_shows_its_points_and_earns_nothing() -> None:
    sitting = Sitting(["70", "Some words.", "!"])
    attempt = explanation_round(rare(), sitting.desk, now=now)
    assert (attempt.score, attempt.revealed) == (0, True)
    for point in rare().drill().points:
        assert point.says[:40] in sitting.said


def test_a_worked_audit_answers_every_question_of_a_clean_drill() -> None:
    sitting = Sitting([""])
    dealt = rare(planted=False)
    worked_audit(dealt, sitting.desk)
    for key in dealt.drill().keys.values():
        assert key.because[:30] in sitting.said
    assert "nothing is wrong" in sitting.said


@pytest.mark.parametrize("width", [40, 80, 200])
def test_a_round_fits_its_width(width: int) -> None:
    sitting = Sitting(["50", *solved(rare())], width=width)
    speed_round(rare(), sitting.desk, now=now)
    shown = [line for line in sitting.said.splitlines() if not line.startswith(("How sure", "1 >", "2 >", "3 >"))]
    assert max(map(len, shown)) <= width


def test_the_coin_is_tossed_by_the_seed() -> None:
    coins = [deal(NAME, seed, Difficulty.EASY).planted for seed in range(200)]
    assert coins == [deal(NAME, seed, Difficulty.EASY).planted for seed in range(200)]
    assert 0.6 < sum(coins) / 200 < 0.8


def test_a_worked_audit_is_set_in_and_tells_orders_in_words() -> None:
    sitting = Sitting([""], width=60)
    dealt = deal("metric/auc-where-the-top-decides", 1, Difficulty.EASY, planted=False)
    worked_audit(dealt, sitting.desk)
    told = sitting.said.split("\n1  ", 1)[1].split("In one breath", 1)[0].splitlines()[1:]
    assert all(line.startswith(("   ", "2  ", "3  ", "4  ")) for line in told), told
    order = next(one for one in dealt.drill().shown.questions if one.form is Form.ORDER)
    for option in order.options:
        assert f") {option}" in sitting.said
