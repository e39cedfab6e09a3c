"""What others wrote is drawn without its escapes, and what we draw keeps its colours."""

import io

from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from heldout.practice.session.desk import PipeDesk
from heldout.practice.session.seen import Seen

HOSTILE = "a\x1b[2J\x1b]0;owned\x07 \x9b31m \u202e \udcff [bold]b[/] \u05e9\u05dc \U0001f600\ttab"


def test_no_escape_of_a_text_is_drawn_and_its_characters_are() -> None:
    console = Console(file=io.StringIO(), width=100)
    PipeDesk(iter(()), console).show(Text(HOSTILE), Panel(Text("red\x1b[31m"), title=Text("\x1b]0;t\x07")))
    said = console.file.getvalue()
    assert not set("\x1b\x07\x9b\u202e\udcff") & set(said)
    assert "[bold]b[/] \u05e9\u05dc \U0001f600" in said
    assert len({len(line) for line in said.splitlines()[-3:]}) == 1  # the frame is straight


def test_our_own_styles_are_kept() -> None:
    console = Console(file=io.StringIO(), width=40, force_terminal=True, color_system="standard", legacy_windows=False)
    console.print(Seen(Text("ours", style="red")))
    assert console.file.getvalue() == "\x1b[31mours\x1b[0m\n"
