"""Prose that a command prints is broken between words in a terminal, and left alone in a pipe."""

import os
import pty
import subprocess
import sys

from heldout.cli.console import print_prose

SAID = "then: train and predict on a split of your own, by time; commit; --check and --status look at it " * 2
PROGRAM = f"from heldout.cli.console import print_prose; print_prose({SAID!r})"


def in_a_terminal(program: str, columns: int) -> list[str]:
    ours, theirs = pty.openpty()
    environment = os.environ | {"COLUMNS": str(columns)}
    subprocess.run([sys.executable, "-c", program], stdout=theirs, env=environment, check=True)
    os.close(theirs)
    said = os.read(ours, 65_536).decode()
    os.close(ours)
    return said.splitlines()


def test_a_terminal_gets_whole_words_and_further_lines_set_in() -> None:
    lines = in_a_terminal(PROGRAM, 60)
    assert len(lines) > 3
    assert max(map(len, lines)) <= 60
    assert all(line.startswith("  ") for line in lines[1:])
    assert " ".join(line.strip() for line in lines).split() == SAID.split()


def test_a_pipe_gets_one_line(capsys) -> None:
    print_prose(SAID)
    assert capsys.readouterr().out.count("\n") == 1
