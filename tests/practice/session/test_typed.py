"""What a learner types becomes an answer, or words that say how to type one."""

import pytest

from heldout.practice.deck import kind_named
from heldout.practice.drill import Difficulty
from heldout.practice.plan.syllabus import syllabus
from heldout.practice.question import Form, Question
from heldout.practice.session.typed import Unread, how_to, read_answer


def question(form: Form, unit: str = "") -> Question:
    options = ("one", "two", "three") if form in (Form.CHOICE, Form.ORDER) else ()
    return Question(name="q", ask="?", form=form, worth=100, options=options, exhibit="rows", unit=unit)


@pytest.mark.parametrize(
    ("form", "text", "answer"),
    [
        (Form.CHOICE, "b", 1),
        (Form.CHOICE, " B) ", 1),
        (Form.NUMBER, "0.25", 0.25),
        (Form.NUMBER, "25%", 0.25),
        (Form.NUMBER, "25 %", 0.25),
        (Form.NUMBER, "12,345.5", 12345.5),
        (Form.NUMBER, "-3", -3.0),
        (Form.PICK, "none", ()),
        (Form.PICK, "3 7-9, 7", (3, 7, 8, 9)),
        (Form.PICK, "3 - 5", (3, 4, 5)),
        (Form.ORDER, "c a b", (2, 0, 1)),
        (Form.ORDER, "cab", (2, 0, 1)),
    ],
)
def test_what_is_meant_is_read(form: Form, text: str, answer: object) -> None:
    assert read_answer(question(form), text) == answer


@pytest.mark.parametrize(
    ("form", "text"),
    [
        (Form.CHOICE, "d"),
        (Form.CHOICE, ""),
        (Form.CHOICE, "ab"),
        (Form.NUMBER, "nan"),
        (Form.NUMBER, "inf"),
        (Form.NUMBER, "12,34"),
        (Form.NUMBER, "many"),
        (Form.PICK, "7-3"),
        (Form.PICK, "0-4"),
        (Form.PICK, "1-999999"),
        (Form.PICK, "the first"),
        (Form.ORDER, "a b"),
        (Form.ORDER, "a b b c"),
    ],
)
def test_what_is_no_answer_is_told_how_to_type_one(form: Form, text: str) -> None:
    with pytest.raises(Unread, match=r"^Please type .*\.$"):
        read_answer(question(form), text)


def test_a_percentage_stays_one_where_percent_is_asked_for() -> None:
    assert read_answer(question(Form.NUMBER, unit="%"), "25%") == 25.0
    assert "%" in how_to(question(Form.NUMBER, unit="%"))


def test_a_percent_sign_is_taken_for_percentage_points_wherever_they_are_asked_for() -> None:
    assert read_answer(question(Form.NUMBER, unit="percentage points, with sign"), "-0.16%") == -0.16
    asked = [
        (name, one)
        for names in syllabus().values()
        for name in names
        for one in kind_named(name).build(3, Difficulty.MIDDLE, True).shown.questions
        if "points of recall" in one.ask or "share of equal rows" in one.ask or one.unit.startswith("points of")
    ]
    assert len(asked) == 2
    for name, one in asked:
        assert read_answer(one, "7.5%") == 7.5, name
