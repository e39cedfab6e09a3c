"""A desk that keeps what was typed, so that a round that was ended in the middle goes on in the same place.

A round asks the same questions in the same order when it gets the same lines. So the lines are kept, not the state: the
round is played again, and the lines that are there already answer it, unseen, until the first one that is missing.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from heldout.practice.session.desk import Desk, Typed

__all__ = ["KeptDesk"]

MOST_SECONDS = 1e9
"""No line takes so long."""


class KeptDesk:
    """Answers from the kept lines first, then asks the desk below, and hands each change to `save`.

    `kept` is what `save` was last given: {"lines": [{"prompt", "text", "first_key", "seconds"}], "typing": text}. While
    the kept lines last, nothing is shown. A line whose prompt is another one belongs to another round: it and all that
    follow are left out, as are a line that no desk wrote and what follows that.
    """

    def __init__(
        self,
        desk: Desk,
        save: Callable[[dict[str, Any]], None],
        kept: Mapping[str, Any] | None = None,
    ) -> None:
        self._desk = desk
        self._save = save
        self._lines: list[dict[str, Any]] = list(_lines_of(kept))
        self._typing = str(kept.get("typing", "")) if isinstance(kept, Mapping) else ""
        self._next = 0
        self._shown: list[RenderableType] = []

    @property
    def is_ahead(self) -> bool:
        """Tell whether kept lines are left."""
        return self._next < len(self._lines)

    def show(self, *things: RenderableType) -> None:
        """Print each below the other; what belongs to kept lines waits, and is shown before the next live question."""
        if self.is_ahead:
            self._shown.extend(things)
        else:
            self._desk.show(*things)

    def ask(
        self,
        prompt: str,
        *,
        draft: str = "",
        keep: Callable[[str], None] | None = None,
        patience: float | None = None,
    ) -> Typed:
        """Return the kept line, or the line typed; raises Left."""
        del keep  # this desk keeps by itself
        if self.is_ahead and self._lines[self._next]["prompt"] == prompt:
            return self._again(prompt)
        del self._lines[self._next :]  # of another round, where any are left
        self._show_what_waited()
        typing, self._typing = self._typing, ""
        typed = self._desk.ask(prompt, draft=typing or draft, keep=self._typed, patience=patience)
        line = {"prompt": prompt, "text": typed.text, "first_key": typed.first_key, "seconds": typed.seconds}
        self._lines.append(line)
        self._next += 1
        self._put("")
        return typed

    def _again(self, prompt: str) -> Typed:
        line = self._lines[self._next]
        self._next += 1
        self._shown.append(Text(f"{prompt} {line['text']}"))
        if not self.is_ahead:
            self._show_what_waited()
        return Typed(text=line["text"], first_key=line["first_key"], seconds=line["seconds"])

    def _show_what_waited(self) -> None:
        self._desk.show(*self._shown)
        self._shown.clear()

    def _typed(self, text: str) -> None:
        self._put(text)

    def _put(self, typing: str) -> None:
        self._save({"lines": self._lines, "typing": typing})


def _lines_of(kept: object) -> Iterator[dict[str, Any]]:
    """Yield the kept lines up to the first one that is none."""
    lines = kept.get("lines") if isinstance(kept, Mapping) else None
    for line in lines if isinstance(lines, list) else ():
        if not (isinstance(line, dict) and all(isinstance(line.get(name), str) for name in ("prompt", "text"))):
            return
        times = [line.get(name) for name in ("first_key", "seconds")]
        if not all(isinstance(one, int | float) and 0 <= one <= MOST_SECONDS for one in times):
            return
        yield line
