"""The use case of `heldout practice rehearse`: opens a real eval on one's own machine, as organiser and candidate."""

import contextlib
import datetime as dt
import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from heldout.app import practice_briefs
from heldout.app.eval_open import Giving, Terms, open_candidate, terms_of
from heldout.app.files import replace_texts
from heldout.core.errors import BadInput
from heldout.core.progress import Progress, Step, as_progress
from heldout.core.time_zone import zone_named
from heldout.evals.authoring.kit import KIT
from heldout.evals.record.ledger import Now, utc_now
from heldout.evals.record.workspace import CandidateRecord, Workspace
from heldout.practice.rehearsal.state import FILE, State, read_state
from heldout.tools import git
from heldout.tools.git_author import Commit, make_repository

__all__ = ["NAME", "Asked", "Begun", "Rehearsal", "begin", "find", "local_zone"]

NAME = "me"
"""The candidate's name in a rehearsal."""

EVAL, WORK = "eval", "work"
SEED_BITS = 31


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked of a new rehearsal; None where the brief or the machine decides.

    `brief` is an eval of one's own, `rows` the rows of a generated one; without both it is the flights.
    """

    brief: Path | None = None
    rows: int | None = None
    seed: int | None = None
    time_zone: str | None = None
    waking: str | None = None
    hours: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """A rehearsal that is there: its folder, state, the eval and the record of the one who rehearses."""

    folder: Path
    state: State
    workspace: Workspace
    record: CandidateRecord

    @property
    def work(self) -> Path:
        """The repository of the one who rehearses."""
        return self.folder / WORK

    @property
    def eval_folder(self) -> Path:
        """The organiser's folder."""
        return self.folder / EVAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A rehearsal, and whether its clock was started now."""

    rehearsal: Rehearsal
    is_new: bool


def begin(asked: Asked, out: Path, *, now: Now = utc_now, progress: Progress | Step | None = None) -> Begun:
    """Write eval and work below `out`, and start the clock; of a rehearsal that is there, go on.

    It appears whole: what a killed start left is thrown away by the next one. Raises BadInput for what cannot be
    rehearsed, and where `out` holds something else.
    """
    say, out = as_progress(progress), out.absolute()
    if (out / FILE).is_file():
        _refuse_other(asked, out)
        return _opened(out, now)
    _refuse_occupied(out)
    _refuse_both(asked)
    zone_named(asked.time_zone or local_zone())
    partial = out.with_name(f".part-{out.name}")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with _alone(out):
            shutil.rmtree(partial, ignore_errors=True)
            try:
                partial.mkdir()
                _write(asked, partial, out, say)
                if out.exists():
                    out.rmdir()  # it is empty
                partial.rename(out)
            finally:
                shutil.rmtree(partial, ignore_errors=True)
    except OSError as error:
        raise BadInput(
            f"the rehearsal cannot be written: {error.strerror}",
            where=str(error.filename or out),
            expected="a folder that can be written, with room for the tables",
            mend="name another one with --out",
        ) from error
    return _opened(out, now)


def find(out: Path, *, now: Now = utc_now) -> Rehearsal:
    """Return the rehearsal in `out`, whose clock runs. Raises BadInput where there is none."""
    return _opened(out.absolute(), now).rehearsal


def local_zone() -> str:
    """Return the name of this machine's time zone, UTC where it has none."""
    named = os.environ.get("TZ", "").removeprefix(":")
    linked = os.path.realpath("/etc/localtime").partition("zoneinfo/")[2]
    for name in (named, linked):
        try:
            if name:
                zone_named(name)
                return name
        except BadInput:
            continue
    return "UTC"


@contextlib.contextmanager
def _alone(out: Path) -> Iterator[None]:
    """Hold the folder above `out` for the block, so that no two starts write one. Raises BadInput where one does."""
    handle = os.open(out.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BadInput(
                "another rehearsal is being written here",
                where=str(out.parent),
                expected="one start at a time",
                mend="wait until it is there",
            ) from None
        yield
    finally:
        os.close(handle)


def _write(asked: Asked, folder: Path, out: Path, say: Progress) -> None:
    seed = secrets.randbits(SEED_BITS) if asked.seed is None else asked.seed
    eval_folder = folder / EVAL
    if asked.rows is not None:
        brief = f"orders of {asked.rows:,} rows"
        practice_briefs.orders(eval_folder, rows=asked.rows, seed=seed, say=say)
    elif asked.brief is not None:
        brief = str(asked.brief.absolute())
        practice_briefs.own(asked.brief, eval_folder, seed=seed, say=say)
    else:
        brief = "flights"
        practice_briefs.flights(eval_folder, seed=seed, say=say)
    terms = terms_of(eval_folder, time_zone=asked.time_zone or local_zone(), waking=asked.waking, hours=asked.hours)
    say("laying out the work")
    _lay_out(folder, out)
    state = State(brief=brief, seed=seed, time_zone=terms.time_zone, waking=terms.waking, hours=terms.hours)
    replace_texts(folder, {FILE: state.written()})


def _lay_out(folder: Path, out: Path) -> None:
    """Make `work` a git repository of the files to begin with; the kit lies in it, and is not committed."""
    work = folder / WORK
    files = practice_briefs.first_files(folder / EVAL)
    files[".gitignore"] = b"kit/\n" + files.get(".gitignore", b"")
    for name, content in files.items():
        (work / name).parent.mkdir(parents=True, exist_ok=True)
        (work / name).write_bytes(content)
    first = Commit(when=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"), message="Begin", paths=tuple(files))
    make_repository(work, (first,))
    git.set_remote(work, out / EVAL / "record" / NAME / "repo.git")
    left_out = shutil.ignore_patterns("template", "project")
    shutil.copytree(folder / EVAL / KIT, work / KIT, symlinks=True, ignore=left_out, copy_function=_linked)


def _linked(source: str, target: str) -> str:
    """Give a large table a second name instead of a copy, where the file system can."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
    return target


def _opened(out: Path, now: Now) -> Begun:
    state = read_state(out)
    terms = Terms(time_zone=state.time_zone, waking=state.waking, hours=state.hours)
    opened = open_candidate(out / EVAL, NAME, terms, consents=True, token=Giving.NONE, now=now)
    workspace = replace(Workspace(folder=(out / EVAL).resolve()), now=now)
    rehearsal = Rehearsal(folder=out, state=state, workspace=workspace, record=opened.record)
    return Begun(rehearsal=rehearsal, is_new=opened.receipt is not None)


def _refuse_both(asked: Asked) -> None:
    if asked.brief is not None and asked.rows is not None:
        raise BadInput(
            "a brief and --rows are given",
            where="--rows",
            expected="a brief of your own, or --rows for a generated one",
            mend="leave one of them out",
        )


def _refuse_other(asked: Asked, out: Path) -> None:
    """Raise BadInput where something is asked that the rehearsal in `out` is not."""
    state = read_state(out)
    brief = str(asked.brief.absolute()) if asked.brief else f"orders of {asked.rows:,} rows" if asked.rows else None
    said = {
        "brief": (brief, state.brief),
        "seed": (asked.seed, state.seed),
        "time zone": (asked.time_zone, state.time_zone),
        "waking hours": (asked.waking, state.waking),
        "hours": (asked.hours, state.hours),
    }
    for name, (wanted, there) in said.items():
        if wanted is not None and wanted != there:
            raise BadInput(
                f"there is a rehearsal already, and its {name} is {there}",
                where=str(out),
                expected=f"the same {name}, or none named, to go on with it",
                mend="begin another one with --out FOLDER",
            )


def _refuse_occupied(out: Path) -> None:
    if out.exists() and out.samefile(Path.cwd()):
        raise BadInput(
            "the rehearsal would take the place of the folder in which you stand",
            where=str(out),
            expected="another folder, which is made",
            mend="--out rehearsal makes one below this one",
        )
    if out.exists() and not (out.is_dir() and not any(out.iterdir())):
        raise BadInput(
            "there is something already, and it is no rehearsal",
            where=str(out),
            expected="a folder that is new or empty",
            mend="name another one with --out",
        )
