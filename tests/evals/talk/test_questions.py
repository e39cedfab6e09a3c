"""QUESTIONS.md as people write it."""

from hypothesis import given
from hypothesis import strategies as st

from heldout.evals.talk.questions import read_questions


def test_questions_and_proposals_are_read_by_number() -> None:
    said = read_questions(
        b"# Questions\n\n## Q1: Prototype or pipeline?\n- topic: Prototype or pipeline\nWhat is handed over?\n\n"
        b"## Question 2 - Late rows\nDo they count?\n\n## Scope proposal 1\n- narrowed: no drift\n- tradeoffs: slower\n"
    )

    assert said.messages == ()
    assert [(q.number, q.text, q.topic, q.line) for q in said.questions] == [
        (1, "Prototype or pipeline?\nWhat is handed over?", "prototype-or-pipeline", 3),
        (2, "Late rows\nDo they count?", None, 7),
    ]
    assert [(p.number, p.narrowed, p.tradeoffs, p.line) for p in said.proposals] == [(1, "no drift", "slower", 10)]


def test_defects_are_named_and_nothing_is_lost() -> None:
    said = read_questions(
        b"## Which metric?\nAUC?\n## Q1: again\n- topic: weather\n## Scope proposal 3\n- narrowed: less\n"
    )

    assert [(q.number, q.text, q.topic) for q in said.questions] == [(1, "Which metric?\nAUC?\nagain", "other")]
    assert [(p.number, p.narrowed, p.tradeoffs) for p in said.proposals] == [(3, "less", "")]
    told = {message.line: str(message) for message in said.messages}
    assert "taken for Q1" in told[1]
    assert "is there twice" in told[3]
    assert "prototype-or-pipeline | data" in told[4]
    assert "trade-offs" in told[5]


@given(st.binary(max_size=400))
def test_any_bytes_are_read_without_an_error_and_numbers_are_unique(content: bytes) -> None:
    said = read_questions(b"## Q1\n" + content)
    assert len({question.number for question in said.questions}) == len(said.questions)
