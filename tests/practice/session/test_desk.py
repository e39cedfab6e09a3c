"""Desks: lines from a pipe, and a desk that keeps what was typed."""

import io
import sys

import pytest
from rich.console import Console
from tests.practice.session.sitting import Sitting

from heldout.practice.session.desk import LONGEST, Left, PipeDesk, desk_of
from heldout.practice.session.kept import KeptDesk


def test_a_pipe_echoes_its_lines_and_ends_with_them() -> None:
    sitting = Sitting(["first"])
    assert sitting.desk.ask("1 >").text == "first"
    with pytest.raises(Left):
        sitting.desk.ask("2 >")
    assert sitting.said == "1 > first\n"


def play(desk: KeptDesk) -> list[str]:
    desk.show("hello")
    said = [desk.ask("1 >").text]
    desk.show("more")
    return [*said, desk.ask("2 >").text, desk.ask("3 >").text]


def test_a_round_goes_on_after_its_last_kept_line() -> None:
    saved: list[dict] = []
    first = Sitting(["a", "b"])
    with pytest.raises(Left):
        play(KeptDesk(first.desk, saved.append))
    second = Sitting(["c"])
    assert play(KeptDesk(second.desk, saved.append, saved[-1])) == ["a", "b", "c"]
    assert second.said.splitlines() == ["hello", "1 > a", "more", "2 > b", "3 > c"], "nothing twice, all in its place"


def test_what_was_being_typed_stands_in_the_line_again() -> None:
    kept = {"lines": [], "typing": "half a sent"}
    sitting = Sitting([""])
    assert KeptDesk(sitting.desk, lambda _: None, kept).ask("1 >").text == "half a sent"


def test_times_of_kept_lines_are_those_of_their_typing() -> None:
    kept = {"lines": [{"prompt": "1 >", "text": "a", "first_key": 3.5, "seconds": 9.0}], "typing": ""}
    typed = KeptDesk(Sitting([]).desk, lambda _: None, kept).ask("1 >")
    assert (typed.first_key, typed.seconds) == (3.5, 9.0)


def test_lines_of_another_round_are_left_out_and_what_was_shown_is_not() -> None:
    kept = {"lines": [{"prompt": "other >", "text": "a", "first_key": 1.0, "seconds": 1.0}], "typing": ""}
    sitting = Sitting(["x", "y", "z"])
    assert play(KeptDesk(sitting.desk, lambda _: None, kept)) == ["x", "y", "z"]
    assert sitting.said.startswith("hello\n")


def test_what_stands_in_the_line_is_saved_and_then_the_line() -> None:
    class Typist:
        def show(self, *things: object) -> None: ...

        def ask(self, prompt, *, draft="", keep=None, patience=None):
            keep("abc")
            return Sitting(["abcde"]).desk.ask(prompt)

    saved: list[dict] = []
    KeptDesk(Typist(), lambda kept: saved.append({**kept, "lines": [*kept["lines"]]})).ask(">")
    assert [(one["typing"], len(one["lines"])) for one in saved] == [("abc", 0), ("", 1)]
    assert saved[-1]["lines"][0]["text"] == "abcde"


def piped(content: bytes, errors: str = "strict") -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(content), encoding="utf-8", errors=errors)


def test_what_is_typed_reaches_no_terminal_and_no_record_with_its_escapes() -> None:
    kept: list[str] = []
    console = Console(file=io.StringIO(), width=200)
    line = "\x1b[2J\x1b]0;owned\x07 red \x1b[31m\x00 \u202e [bold]x[/] \udcff \U0001f600 e\u0301\r\n"
    typed = PipeDesk(iter([line]), console).ask("1 >", keep=kept.append)
    assert typed.text == "\ufffd\ufffd red \ufffd\ufffd \ufffd [bold]x[/] \ufffd \U0001f600 e\u0301"
    assert kept == [typed.text]
    assert console.file.getvalue() == f"1 > {typed.text}\n"


def test_a_paste_that_is_too_long_is_cut_and_said_and_the_next_line_is_the_next() -> None:
    console = Console(file=io.StringIO(), width=100)
    desk = PipeDesk(piped(b"x" * 1_000_000 + b"\nnext\n"), console)
    assert desk.ask("1 >").text == "x" * LONGEST
    assert "longer than 10,000 characters" in console.file.getvalue()
    assert desk.ask("2 >").text == "next"
    with pytest.raises(Left):
        desk.ask("3 >")


def test_bytes_that_are_no_text_are_an_answer_like_any_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", piped(b"\xff\xfe a\n"))
    assert desk_of(Console(file=io.StringIO())).ask("1 >").text == "\ufffd\ufffd a"


def test_a_stdin_that_is_closed_is_at_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(Left):
        desk_of(Console(file=io.StringIO())).ask("1 >")


@pytest.mark.parametrize(
    "kept",
    [
        5,
        [],
        {"lines": 5},
        {"lines": [5]},
        {"lines": [{}]},
        {"lines": [{"prompt": "1 >"}]},
        {"lines": [{"prompt": "1 >", "text": 5, "first_key": 1.0, "seconds": 1.0}]},
        {"lines": [{"prompt": "1 >", "text": "a", "first_key": float("nan"), "seconds": 1.0}]},
    ],
)
def test_a_draft_that_no_desk_wrote_is_left_out(kept) -> None:
    sitting = Sitting(["one", "two", "three"])
    assert play(KeptDesk(sitting.desk, lambda _: None, kept)) == ["one", "two", "three"]
