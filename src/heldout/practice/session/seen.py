"""What is drawn, without the escapes that somebody else's words hold: a submission's title, an edited transcript."""

import re

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.segment import Segment

__all__ = ["Seen"]

CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


class Seen:
    """Draws a thing with U+FFFD in the place of each control, change of direction, and half of a pair in its text."""

    def __init__(self, thing: RenderableType) -> None:
        self._thing = thing

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for segment in console.render(self._thing, options):
            is_text = segment.control is None
            yield Segment(CONTROLS.sub("\ufffd", segment.text), segment.style) if is_text else segment
