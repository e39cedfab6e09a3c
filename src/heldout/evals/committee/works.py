"""Works: what raters see in place of candidates. Each has a random number that says nothing of name, order or time."""

import functools
import json
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, TypeAdapter

from heldout.core.errors import BadInput
from heldout.core.whole_file import write_whole
from heldout.evals.committee.levels import sha256_plain
from heldout.evals.committee.place import Place
from heldout.evals.record.clock import clock_of
from heldout.evals.record.kinds import Kind
from heldout.evals.record.ledger import Event
from heldout.evals.record.scope import opened_in_force
from heldout.evals.record.workspace import CandidateRecord, Workspace

__all__ = ["Missing", "Work", "card_file", "forget_work", "sha256_of_card", "work_called", "work_named", "works_of"]

NAMES: TypeAdapter[dict[Annotated[str, Field(pattern=r"^work-[0-9]{2,9}$")], str | None]] = TypeAdapter(
    dict[Annotated[str, Field(pattern=r"^work-[0-9]{2,9}$")], str | None]
)
NUMBERS = range(10, 100)
"""Numbers of works are drawn from these, and from ten times as many once they are used up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A candidate's graded submission under its pseudonym, such as "work-37".

    `candidate` is for the organiser alone. `card_sha256` is of what the card says, without what may differ between two
    gradings of the same commit.
    """

    name: str
    candidate: str
    record: CandidateRecord
    commit: str
    card_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """A candidate without a work, and why; `is_coming` where there may be one later, so that the round waits."""

    candidate: str
    why: str
    is_coming: bool


def works_of(workspace: Workspace) -> tuple[tuple[Work, ...], tuple[Missing, ...]]:
    """Return all works by number, and the candidates who have none. A first look gives a work its number."""
    found: list[CandidateRecord] = []
    missing: list[Missing] = []
    for record in workspace.candidates():
        why = _why_none(workspace, record)
        if why is None:
            found.append(record)
        else:
            missing.append(why)
    names = _names(workspace, [record.name for record in found])
    works = [_work(record, names[record.name]) for record in found]
    return tuple(sorted(works, key=lambda work: (len(work.name), work.name))), tuple(missing)


def work_named(workspace: Workspace, name: str) -> Work:
    """Return the work of a pseudonym. Raises BadInput for anything else, and says nothing of candidates then."""
    for candidate, known in _known(workspace).items():
        if known == name:
            record = workspace.candidate(candidate)
            if _why_none(workspace, record) is None:
                return _work(record, name)
    raise BadInput(
        f"there is no work {name[:80]!r}",
        expected="the name of a work, such as work-37",
        mend="heldout eval committee EVAL lists the works",
    )


def work_called(workspace: Workspace, text: str) -> Work:
    """Return a work by its pseudonym, or by its candidate: for the organiser, who may know. Raises BadInput."""
    works, missing = works_of(workspace)
    for work in works:
        if text in (work.name, work.candidate):
            return work
    for one in missing:
        if text == one.candidate:
            raise BadInput(
                f"{text} has no work to be rated: {one.why}",
                expected="a candidate with a submission and a card",
                mend="heldout eval submit, then heldout eval grade EVAL NAME",
            )
    raise BadInput(
        f"there is no work {text[:80]!r}",
        expected=f"one of: {', '.join(work.name for work in works) or 'none yet'}",
        mend="heldout eval committee EVAL lists the works",
    )


def card_file(record: CandidateRecord) -> Path:
    """Return where the last grading of a candidate wrote its card."""
    return record.folder / "graded" / record.name / "card.json"


def sha256_of_card(path: Path) -> str:
    """Return the SHA-256 of what a card says, without what it calls volatile. Raises BadInput where it is no card."""
    try:
        facts = path.stat()
        return _sha256_of_card(path, facts.st_mtime_ns, facts.st_size, facts.st_ino)
    except (OSError, ValueError, AttributeError, RecursionError):
        raise BadInput("the card cannot be read", where=str(path), mend="heldout eval grade EVAL NAME") from None


@functools.lru_cache(maxsize=1000)
def _sha256_of_card(path: Path, _time: int, _size: int, _inode: int) -> str:
    plain = json.loads(path.read_bytes())
    for volatile in plain.get("volatile", ()):
        _drop(plain, str(volatile).replace("[*]", ".*").split("."))
    return sha256_plain(plain)


def _drop(plain: Any, path: list[str]) -> None:
    if isinstance(plain, list) and path[0] == "*":
        for item in plain:
            _drop(item, path[1:])
    elif isinstance(plain, dict) and path[0] in plain:
        if path[1:]:
            _drop(plain[path[0]], path[1:])
        else:
            del plain[path[0]]


def _why_none(workspace: Workspace, record: CandidateRecord) -> Missing | None:
    events = record.ledger.events()
    kinds = [event.kind for event in events]
    said, is_coming = "", False
    if Kind.FORGOTTEN in kinds:
        said = "what the record held was deleted"
    elif Kind.CANCELLED in kinds:
        said = "the eval was cancelled"
    elif Kind.SUBMITTED not in kinds:
        is_running = clock_of(opened_in_force(workspace, record).brief, events, workspace.now()).state == "running"
        said = "nothing was handed in" + (" yet; the clock is running" if is_running else "")
        is_coming = is_running
    elif Kind.GRADED not in kinds or not card_file(record).is_file():
        said, is_coming = "there is no card yet", True
    return Missing(candidate=record.name, why=said, is_coming=is_coming) if said else None


def _work(record: CandidateRecord, name: str) -> Work:
    commit = _commit(record.ledger.events())
    card_sha256 = sha256_of_card(card_file(record))
    return Work(name=name, candidate=record.name, record=record, commit=commit, card_sha256=card_sha256)


def _commit(events: tuple[Event, ...]) -> str:
    handed_in = [event.payload for event in events if event.kind is Kind.SUBMITTED and event.payload]
    return str(handed_in[-1]["commit"])


def _known(workspace: Workspace) -> dict[str, str]:
    """Return the pseudonyms by candidate; those of forgotten ones stay taken under a name that nobody has."""
    path = _file(workspace)
    try:
        plain = NAMES.validate_json(path.read_bytes()) if path.is_file() else {}
        return {candidate or f" {name}": name for name, candidate in plain.items()}
    except ValueError:
        raise BadInput(
            "the names of the works cannot be read",
            where=str(path),
            expected="the JSON that Heldout wrote",
            mend="restore the file from a copy; without it nobody knows which sheet is about whom",
        ) from None


def _names(workspace: Workspace, candidates: list[str]) -> dict[str, str]:
    known = _known(workspace)
    if all(candidate in known for candidate in candidates):
        return known
    with Place(workspace=workspace).alone():
        known = _known(workspace)
        draw = secrets.SystemRandom()
        new = [candidate for candidate in candidates if candidate not in known]
        draw.shuffle(new)
        for candidate in new:
            known[candidate] = draw.choice(_free(workspace, known))
        written = {name: None if candidate.startswith(" ") else candidate for candidate, name in known.items()}
        write_whole(_file(workspace), json.dumps(written, indent=1, sort_keys=True).encode())
    return known


def _free(workspace: Workspace, known: Mapping[str, str]) -> list[str]:
    taken = {*known.values(), *(record.name for record in workspace.candidates())}
    return next(free for free in _batches(taken) if free)


def _batches(taken: set[str]) -> Iterator[list[str]]:
    numbers = NUMBERS
    while True:
        yield [name for name in (f"work-{number}" for number in numbers) if name not in taken]
        numbers = range(numbers.stop, numbers.stop * 10)


def _file(workspace: Workspace) -> Path:
    return Place(workspace=workspace).folder / "works.json"


def forget_work(workspace: Workspace, candidate: str) -> None:
    """Forget which number was a candidate's; it is not given again."""
    with Place(workspace=workspace).alone():
        known = _known(workspace)
        if candidate not in known:
            return
        written = {name: None if who == candidate or who.startswith(" ") else who for who, name in known.items()}
        write_whole(_file(workspace), json.dumps(written, indent=1, sort_keys=True).encode())
