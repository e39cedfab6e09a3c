"""What a candidate's own commands write into the working tree: entries of UPDATES.md and QUESTIONS.md, nothing else."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from heldout.app.files import replace_texts
from heldout.core.errors import BadInput
from heldout.evals.talk import questions, updates
from heldout.evals.talk.document import MAX_BYTES
from heldout.evals.talk.questions import TOPICS, read_questions
from heldout.evals.talk.updates import read_updates
from heldout.tools import git

__all__ = ["Written", "ask", "propose", "tell_of_feedback", "update"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """The file that was written, the number of the entry in it (0 where it has none), and what can be mended in it."""

    path: Path
    number: int
    messages: tuple[str, ...]


def update(
    tree: Path,
    *,
    done: str,
    following: str,
    assumptions: str = "",
    metrics: Sequence[str] = (),
    hours: float | None = None,
    now: dt.datetime,
) -> Written:
    """Append an update to UPDATES.md of the working tree `tree`. It counts once it is committed and pushed.

    A metric is "NAME VALUE", tied to the last commit, or "NAME VALUE @ COMMIT". Raises BadInput for what cannot be
    read again; nothing is written then.
    """
    if not done.strip():
        raise BadInput("the update says nothing of what was done", where="--done", mend="say it in a line")
    fields = [("done", done), ("next", following), ("assumptions", assumptions)]
    lines = [f"- {name}: {_item(text)}" for name, text in fields if text.strip()]
    lines += [f"- metric: {_tied(tree, metric)}" for metric in metrics]
    lines += [] if hours is None else [f"- hours: {hours:g}"]
    heading = f"## {now:%Y-%m-%d %H:%M}"
    before = _content(tree, updates.FILE)
    text = _appended(before, "# Updates", heading, lines)
    said, old = read_updates(text.encode()), read_updates(before)
    if len(said.updates) != len(old.updates) + 1 or len(said.updates[-1].metrics) != len(metrics):
        raise BadInput(
            "the update would not be read as it was meant",
            expected="metrics as NAME VALUE, or NAME VALUE @ COMMIT",
            mend=str(said.messages[-1]) if said.messages else "write it into UPDATES.md by hand",
        )
    (path,) = replace_texts(tree, {updates.FILE: text})
    return Written(path=path, number=len(said.updates), messages=tuple(map(str, said.messages)))


def tell_of_feedback(tree: Path, number: int, done: str) -> Written:
    """Append to UPDATES.md what became of feedback. Raises BadInput where nothing is said."""
    if not done.strip():
        raise BadInput(f"nothing is said of feedback {number}", where="--done", mend="say it in a line")
    text = _appended(_content(tree, updates.FILE), "# Updates", f"## Feedback {number}", [f"- done: {_item(done)}"])
    (path,) = replace_texts(tree, {updates.FILE: text})
    return Written(path=path, number=number, messages=tuple(map(str, read_updates(text.encode()).messages)))


def ask(tree: Path, title: str, *, text: str = "", topic: str | None = None) -> Written:
    """Append a question to QUESTIONS.md of the working tree, with the next free number. Raises BadInput."""
    if not title.strip():
        raise BadInput("the question is empty", expected="a title", mend="heldout eval ask 'Which rows count?'")
    if topic is not None and topic not in TOPICS:
        raise BadInput(f"there is no topic {topic!r}", where="--topic", expected=", ".join(TOPICS))
    before = _content(tree, questions.FILE)
    number = max((question.number for question in read_questions(before).questions), default=0) + 1
    lines = [*([] if topic is None else [f"- topic: {topic}"]), *([_quoted(text)] if text.strip() else [])]
    return _asked(tree, before, f"## Q{number}: {' '.join(title.split())}", lines, number)


def propose(tree: Path, *, narrowed: str, tradeoffs: str) -> Written:
    """Append a proposal of another scope to QUESTIONS.md of the working tree. Raises BadInput."""
    for name, said in (("--narrowed", narrowed), ("--trade-offs", tradeoffs)):
        if not said.strip():
            raise BadInput("a proposal says what is narrowed and what that costs", where=name, mend="say it in a line")
    before = _content(tree, questions.FILE)
    number = max((proposal.number for proposal in read_questions(before).proposals), default=0) + 1
    lines = [f"- narrowed: {_item(narrowed)}", f"- trade-offs: {_item(tradeoffs)}"]
    return _asked(tree, before, f"## Scope proposal {number}", lines, number)


def _asked(tree: Path, before: bytes, heading: str, lines: Sequence[str], number: int) -> Written:
    text = _appended(before, "# Questions", heading, lines)
    (path,) = replace_texts(tree, {questions.FILE: text})
    return Written(path=path, number=number, messages=tuple(map(str, read_questions(text.encode()).messages)))


def _content(tree: Path, name: str) -> bytes:
    if not (tree / ".git").exists():
        raise BadInput(
            f"{tree} is no working tree of git",
            expected="the folder that holds .git",
            mend="go there, or name it with --tree",
        )
    path = tree / name
    if path.is_symlink() or (path.exists() and not path.is_file()):
        raise BadInput(f"{name} is no file", where=str(path), mend="put a plain file in its place")
    content = path.read_bytes() if path.is_file() else b""
    if len(content) > MAX_BYTES:
        raise BadInput(f"{name} is too large", where=str(path), expected=f"at most {MAX_BYTES:,} bytes")
    return content


def _appended(before: bytes, title: str, heading: str, lines: Sequence[str]) -> str:
    try:
        text = before.decode("utf-8-sig").replace("\r\n", "\n").rstrip("\n")
    except UnicodeDecodeError as error:
        raise BadInput("the file is not UTF-8", where=f"byte {error.start}", mend="save it as UTF-8") from None
    return "\n".join([text or title, "", heading, *lines, ""])


def _item(text: str) -> str:
    """Return a text as a list item holds it: its other lines are so deep that none begins an entry or a field."""
    return "\n      ".join(line.strip() for line in text.strip().splitlines())


def _quoted(text: str) -> str:
    return "\n".join(f"    {line}".rstrip() for line in text.strip().splitlines())


def _tied(tree: Path, metric: str) -> str:
    said = " ".join(metric.replace("=", " ").split())
    return said if "@" in said else f"{said} @ {git.commit_named(tree)[:12]}"
