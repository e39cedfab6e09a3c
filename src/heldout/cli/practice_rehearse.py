"""`heldout practice rehearse`: a real eval on one's own machine; options to the use cases and back."""

import dataclasses
import datetime as dt
import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from heldout.cli.console import print_prose
from heldout.cli.progress import progress
from heldout.core.errors import BadInput
from heldout.core.lift import Band
from heldout.core.verdict import ExitCode

if TYPE_CHECKING:
    from heldout.app.practice_monitoring import Sat
    from heldout.app.practice_rehearse import Begun, Rehearsal

__all__ = ["register", "rehearse"]

EXIT = {Band.FAIL: ExitCode.PROBLEM, Band.UNDECIDED: ExitCode.UNDECIDED}


def register(app: typer.Typer) -> None:
    """Add `rehearse` to the commands of `heldout practice`."""
    app.command()(rehearse)


def rehearse(
    brief: Annotated[
        Path | None, typer.Argument(help="The folder of an eval of your own, with its answers; else the flights.")
    ] = None,
    *,
    out: Annotated[Path, typer.Option(help="The folder of the rehearsal.")] = Path("rehearsal"),
    status: Annotated[bool, typer.Option("--status", help="The clock, what is due and what is missing.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Hold the last commit to its contract.")] = False,
    monitoring: Annotated[
        bool, typer.Option("--monitoring", help="Begin the monitoring exercise; again: judge its rules.")
    ] = False,
    hand_in: Annotated[bool, typer.Option("--hand-in", help="Hand in the last commit and grade it.")] = False,
    rows: Annotated[int | None, typer.Option(help="Generate a brief of so many rows instead, such as 2000000.")] = None,
    seed: Annotated[int | None, typer.Option(help="Of what is generated; else drawn.", min=0)] = None,
    time_zone: Annotated[
        str | None, typer.Option(help="Such as Europe/Berlin; this machine's where not given.")
    ] = None,
    waking: Annotated[str | None, typer.Option(help="The hours of a day that count, such as 08:00-22:00.")] = None,
    hours: Annotated[float | None, typer.Option(help="Agreed hours; the brief's where not given.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")] = False,
) -> None:
    """Rehearse an eval: you are organiser and candidate, and grader, card and clock are the real ones.

    Without an option it starts the clock and lays out ./rehearsal/work, a git repository; every step goes on after a
    break. Exit codes: 0 done, or pass and target; 1 something to mend, or fail; 2 bad input; 3 undecided; 4 the tool
    failed.
    """
    from heldout.app.practice_rehearse import Asked, begin, find  # keeps the start of other commands fast

    chosen = {"--status": status, "--check": check, "--monitoring": monitoring, "--hand-in": hand_in}
    asked = Asked(brief=brief, rows=rows, seed=seed, time_zone=time_zone, waking=waking, hours=hours)
    _refuse_several([name for name, is_given in chosen.items() if is_given], asked != Asked())
    if not any(chosen.values()):
        with progress(keep=True) as say:
            begun = begin(asked, out, progress=say)
        raise typer.Exit(_begun(begun, as_json=as_json))
    rehearsal = find(out)
    step = _status if status else _check if check else _monitoring if monitoring else _hand_in
    raise typer.Exit(step(rehearsal, as_json=as_json))


def _refuse_several(steps: list[str], is_asked: bool) -> None:
    if len(steps) > 1:
        raise BadInput(f"{steps[0]} and {steps[1]} are given", expected="one step", mend="run them one after the other")
    if steps and is_asked:
        raise BadInput(
            f"{steps[0]} is a step of a rehearsal that is there",
            expected="nothing of a new one beside it: no brief, --rows, --seed, --time-zone, --waking, --hours",
            mend=f"heldout practice rehearse --out FOLDER {steps[0]}",
        )


def _begun(begun: "Begun", *, as_json: bool) -> int:
    from heldout.app.practice_standing import standing_of
    from heldout.practice.rehearsal.words import clock_lines

    rehearsal = begun.rehearsal
    standing = standing_of(rehearsal)
    if as_json:
        _print_json({"is_new": begun.is_new, "work": rehearsal.work, "standing": standing})
        return ExitCode.CLEAR
    print_prose(f"{standing.title}: {'the clock runs' if begun.is_new else 'it goes on'}")
    _print(clock_lines(standing))
    print_prose(f"isolation: {standing.isolation}")
    print_prose(f"work: {_shown(rehearsal.work)} (a git repository; the kit is in kit/)")
    _print(
        (
            "first: read kit/README.md and kit/brief.toml",
            "then: write BACKUP.md, what you hand in when something fails",
            "then: train and predict on a split of your own, by time; commit; --check and --status look at it",
            "then: --monitoring takes 30 minutes, and --hand-in grades the last commit",
        )
    )
    return ExitCode.CLEAR


def _status(rehearsal: "Rehearsal", *, as_json: bool) -> int:
    from heldout.app.practice_standing import standing_of
    from heldout.practice.rehearsal.words import standing_lines

    standing = standing_of(rehearsal)
    if as_json:
        _print_json(dataclasses.asdict(standing))
    else:
        _print(standing_lines(standing))
    return ExitCode.CLEAR


def _check(rehearsal: "Rehearsal", *, as_json: bool) -> int:
    from heldout.evals.check import check_submission

    checked = check_submission(rehearsal.eval_folder, rehearsal.work)
    if as_json:
        _print_json(dataclasses.asdict(checked))
    else:
        _print((f"commit {checked.commit}", *checked.facts, *(f"note: {note}" for note in checked.notes)))
    return ExitCode.CLEAR


def _monitoring(rehearsal: "Rehearsal", *, as_json: bool) -> int:
    from heldout.app.practice_monitoring import sit

    sat = sit(rehearsal)
    if as_json:
        _print_json(dataclasses.asdict(sat) | {"is_in_time": sat.is_in_time})
    else:
        _print(_sat_lines(sat))
    if sat.alarms is None or (not sat.alarms.was_run and not sat.alarms.refused and not sat.alarms.untold):
        return ExitCode.CLEAR
    return ExitCode.CLEAR if sat.alarms.is_clean else ExitCode.PROBLEM


def _sat_lines(sat: "Sat") -> Iterable[str]:
    from heldout.practice.rehearsal.exercise import MINUTES
    from heldout.practice.rehearsal.words import alarm_lines

    if sat.alarms is None:
        yield f"{MINUTES} minutes begin now: read {_shown(sat.task)}, write {_shown(sat.rules)}, and run it again"
        return
    late = "" if sat.is_in_time else ": too long, but judged all the same"
    yield f"attempt {sat.attempt}: {sat.minutes:.0f} of {MINUTES} minutes{late}"
    yield from alarm_lines(sat.alarms)
    if sat.alarms.was_run and not sat.alarms.is_clean:
        yield "again: mend the rules and run the same command; it draws other series, and the minutes begin anew"


def _hand_in(rehearsal: "Rehearsal", *, as_json: bool) -> int:
    from heldout.app.practice_hand_in import hand_in
    from heldout.practice.rehearsal.words import band_lines, moved_lines
    from heldout.report.json import to_json

    with progress(keep=True) as say:
        done = hand_in(rehearsal, progress=say)
    if as_json:
        said = {"card": json.loads(to_json(done.card)), "moved": done.moved, "notes": done.notes, "files": done.files}
        _print_json(said)
    else:
        _print(band_lines(done.card))
        print_prose("what would have moved the band most:")
        _print(moved_lines(done.moved))
        _print(f"note: {note}" for note in done.notes)
        _print(f"written: {_shown(path)}" for path in done.files)
        print_prose("next: answer practice.html aloud, before you open interviewer.html, which has the answers")
    return EXIT.get(done.card.decision.band, ExitCode.CLEAR)


def _shown(path: Path) -> Path:
    """Return a path as somebody who stands here would type it."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        print_prose(line)


def _print_json(said: Any) -> None:
    typer.echo(json.dumps(said, indent=2, default=_plain, allow_nan=False))


def _plain(value: object) -> Any:
    if isinstance(value, dt.datetime):
        return value.isoformat()
    if isinstance(value, frozenset):
        return sorted(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.asdict(value)
    return str(value)
