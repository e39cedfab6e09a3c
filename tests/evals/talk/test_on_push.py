"""What a push adds to the ledger: what is new, once, and what was changed, as a change."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from heldout.core.repository import Repository
from heldout.evals.record.kinds import Kind, Role
from heldout.evals.record.ledger import Ledger
from heldout.evals.talk.on_push import MAX_EVENTS, conversation_events

START = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
FIRST = "## 2026-03-02 10:00\n- done: read\n- next: fit\n- metric: roc_auc 0.7 @ abc1234\n"
SECOND = "## 2026-03-02 20:00\n- done: fitted\n- next: test\n"
Push = Callable[..., tuple[list[tuple[Kind, int, int | None]], list[str]]]


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path, lambda: START)


@pytest.fixture
def push(ledger: Ledger) -> Push:
    state: dict[str, Repository | None] = {"before": None}

    def push(updates: str = "", questions: str = "") -> tuple[list[tuple[Kind, int, int | None]], list[str]]:
        files = {"updates.md": updates.encode(), "QUESTIONS.md": questions.encode()}
        after = Repository(commit="c" * 40, files=files)
        events, messages = conversation_events(
            state["before"], after, ledger.events(), is_commit=lambda commit: commit == "abc1234"
        )
        for kind, payload in events:
            ledger.append(kind, payload, actor=Role.SERVER)
        state["before"] = after
        return [(kind, payload["number"], payload.get("replaces")) for kind, payload in events], messages

    return push


def test_only_what_is_new_becomes_an_event(push: Push) -> None:
    assert push(FIRST) == ([(Kind.UPDATE, 1, None)], [])
    assert push(FIRST) == ([], [])
    assert push(FIRST + SECOND) == ([(Kind.UPDATE, 2, None)], [])
    assert push("# Updates\n\n" + SECOND + "\n\n" + FIRST) == ([], [])


def test_a_changed_entry_is_a_new_event_that_names_the_one_it_replaces(push: Push) -> None:
    push(FIRST + SECOND)

    events, messages = push(FIRST.replace("0.7", "0.9") + SECOND)

    assert events == [(Kind.UPDATE, 3, 1)]
    assert messages == [
        "UPDATES.md, line 1: the update of 2026-03-02 10:00 was changed; it is recorded as 3, replacing 1"
    ]
    assert push(FIRST.replace("0.7", "0.8") + SECOND)[0] == [(Kind.UPDATE, 4, 3)]


def test_a_corrected_time_is_a_change_and_no_second_update(push: Push) -> None:
    push(FIRST)

    assert push(FIRST.replace("10:00", "11:00"))[0] == [(Kind.UPDATE, 2, 1)]


def test_what_was_taken_out_is_said_and_stays_recorded(push: Push, ledger: Ledger) -> None:
    push(FIRST + SECOND)

    assert push(SECOND) == (
        [],
        ["UPDATES.md: the update of 2026-03-02 10:00 is no longer there; the record keeps it as 1"],
    )
    assert len(ledger.events()) == 2


def test_a_metric_is_tied_to_a_commit_that_is_there(push: Push, ledger: Ledger) -> None:
    _, messages = push(FIRST + "- metric: f1 0.4 @ deadbeef\n")

    payload = ledger.events()[0].payload
    assert payload is not None
    assert [(metric["name"], metric["found"]) for metric in payload["metrics"]] == [("roc_auc", True), ("f1", False)]
    assert messages == ["UPDATES.md, line 1: the commit deadbeef of the metric f1 is not in the repository"]


def test_an_answer_waits_for_its_feedback(push: Push, ledger: Ledger) -> None:
    events, messages = push("## Feedback 1\n- done: split by day\n")
    assert events == []
    assert "there is no feedback 1" in messages[0]

    ledger.append(Kind.FEEDBACK, {"number": 1, "text": "How was it split?", "by": "rater"}, actor=Role.RATER)
    assert push("## Feedback 1\n- done: split by day\n")[0] == [(Kind.FEEDBACK_ANSWERED, 1, None)]
    assert push("## Feedback 1\n- done: split by week\n")[0] == [(Kind.FEEDBACK_ANSWERED, 1, 1)]


def test_questions_and_proposals_are_recorded_once_and_changes_as_changes(push: Push) -> None:
    text = "## Q1: Which rows?\n## Scope proposal 1\n- narrowed: no drift\n- trade-offs: slower to notice\n"

    assert push("", text) == ([(Kind.QUESTION, 1, None), (Kind.RESCOPE_ASKED, 1, None)], [])
    assert push("", text) == ([], [])
    events, messages = push("", text.replace("rows", "columns"))
    assert events == [(Kind.QUESTION, 1, 1)]
    assert messages == ["QUESTIONS.md, line 1: the question 1 was changed; the record keeps both"]


def test_a_defect_is_said_with_the_push_that_brought_it(push: Push) -> None:
    assert len(push("## 2026-03-02 10:00\n- done: a\n- next: b\n- hours: long\n")[1]) == 1
    assert push("\n## 2026-03-02 10:00\n- done: a\n- next: b\n- hours: long\n")[1] == []


def test_a_push_of_very_many_entries_is_recorded_over_several_pushes(push: Push) -> None:
    text = "".join(f"## 2026-03-02 10:{n % 60:02}\n- done: {n}\n- next: {n}\n" for n in range(MAX_EVENTS + 5))

    events, messages = push(text)
    assert len(events) == MAX_EVENTS
    assert "5 more entries" in messages[-1]
    assert len(push(text)[0]) == 5
    assert push(text)[0] == []
