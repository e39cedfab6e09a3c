"""The terminal's patience, with real keys from a pipe that stands for the keyboard."""

import io
import threading

from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input
from rich.console import Console

from heldout.practice.session.desk import TerminalDesk


def test_nobody_typing_ends_the_wait_with_a_silent_line() -> None:
    with create_pipe_input() as keys, create_app_session(input=keys):
        typed = TerminalDesk(Console(file=io.StringIO())).ask("You>", patience=0.2)
    assert (typed.text, typed.silent) == ("", True)
    assert typed.first_key == typed.seconds >= 0.2


def test_who_has_begun_to_type_is_not_cut_off() -> None:
    with create_pipe_input() as keys, create_app_session(input=keys):
        keys.send_text("I would ")
        rest = threading.Timer(1.0, keys.send_text, args=["look first.\r"])
        rest.start()
        typed = TerminalDesk(Console(file=io.StringIO())).ask("You>", patience=0.3)
        rest.join()
    assert (typed.text, typed.silent) == ("I would look first.", False)


def test_a_draft_that_stands_there_is_not_silence() -> None:
    with create_pipe_input() as keys, create_app_session(input=keys):
        end = threading.Timer(0.8, keys.send_text, args=["\r"])
        end.start()
        typed = TerminalDesk(Console(file=io.StringIO())).ask("You>", draft="typed before", patience=0.2)
        end.join()
    assert (typed.text, typed.silent) == ("typed before", False)
