"""`heldout eval`: the committee's blind pass. Options to the use cases, lines to text, and their exit codes."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from heldout.cli.console import print_line
from heldout.cli.eval_talk import Eval
from heldout.core.errors import BadInput
from heldout.core.plural import how_many

if TYPE_CHECKING:
    from heldout.app.eval_committee import CommitteeStatus
    from heldout.evals.committee import Sheet, WorkShown
    from heldout.evals.record.workspace import Workspace

__all__ = ["AsJson", "Author", "Work", "register", "the_work", "the_workspace"]

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")]
Rater = Annotated[str, typer.Argument(metavar="RATER", help="A rater, by the name of the invitation.")]
Work = Annotated[str, typer.Argument(metavar="WORK", help="A work, such as work-37, or its candidate's name.")]
Author = Annotated[str, typer.Option("--by", help="Who does it, for the record.")]


def the_workspace(folder: Path) -> "Workspace":
    """Return the workspace of an eval. Raises BadInput."""
    from heldout.app.eval_talk import opened_workspace

    return opened_workspace(folder.resolve())


def the_work(folder: Path, text: str) -> tuple["Workspace", str]:
    """Return the workspace, and the pseudonym of a work that is called by it or by its candidate. Raises BadInput."""
    from heldout.evals.committee import work_called

    workspace = the_workspace(folder)
    return workspace, work_called(workspace, text).name


def invite(
    folder: Eval,
    name: Annotated[str, typer.Argument(metavar="NAME", help="The name that the committee knows the person by.")],
    *,
    adjudicator: Annotated[bool, typer.Option("--adjudicator", help="To settle levels after the lock.")] = False,
    as_json: AsJson = False,
) -> None:
    """Invite a rater to the blind pass, or an adjudicator.

    Prints a token for the pages, which is shown once. Raters see works under numbers, and each other's sheets only
    once all are final.
    """
    from heldout.app.eval_committee import invite
    from heldout.evals.record.kinds import Role

    invited, token = invite(folder, name, role=Role.ADJUDICATOR if adjudicator else Role.RATER)
    if as_json:
        typer.echo(json.dumps({"name": invited.name, "role": invited.role.value, "token": token}, indent=2))
        return
    print_line(f"token of {invited.role.value} {invited.name}, shown once: {token}")


def committee(folder: Eval, *, as_json: AsJson = False) -> None:
    """Show who has finished what, and what the lock waits for.

    Works and whose they are, sheets and conflicts; no level is shown before the lock, and none after it.
    """
    from heldout.app.eval_committee import committee_status

    status = committee_status(the_workspace(folder))
    if as_json:
        typer.echo(json.dumps(_status_plain(status), indent=2))
        return
    for line in _status_lines(status):
        print_line(line)


def rate(
    folder: Eval,
    rater: Rater,
    work: Annotated[str | None, typer.Argument(metavar="WORK", help="A work; else the rater's are listed.")] = None,
    *,
    leaf: Annotated[
        str | None, typer.Option(help="architecture, reproducibility, monitoring or collaboration.")
    ] = None,
    level: Annotated[str | None, typer.Option(help="junior, mid, senior, staff or 'cannot tell'.")] = None,
    reason: Annotated[str, typer.Option(help="What in the work it rests on.")] = "",
    sheet: Annotated[Path | None, typer.Option(help="A TOML file with level and reason of each leaf.")] = None,
    final: Annotated[bool, typer.Option("--final", help="Mark the sheet as final.")] = False,
    take_back: Annotated[bool, typer.Option("--take-back", help="Open a final sheet again.")] = False,
    as_json: AsJson = False,
) -> None:
    """Write a rater's levels down for them, at the terminal.

    Raters themselves use the pages.

    Without a level, the work's evidence and the sheet are shown. The last final sheet locks the eval.
    """
    from heldout.app.eval_committee import read_sheet
    from heldout.evals.committee import finalise, save, state_of, work_for_rater, works_for

    workspace = the_workspace(folder)
    if work is None:
        _print_sheets(works_for(workspace, rater), as_json)
        return
    _refuse_mixed(leaf, level, reason, sheet, final=final, take_back=take_back)
    _, name = the_work(folder, work)
    given = {} if sheet is None else read_sheet(sheet)
    if leaf is not None and level is not None:
        given = {leaf: (level, reason or _reason_of(work_for_rater(workspace, rater, name), leaf))}
    if take_back:
        finalise(workspace, rater, name, is_final=False)
    for one, (said, why) in given.items():
        save(workspace, rater, name, one, level=said, reason=why)
    if final:
        finalise(workspace, rater, name)
    shown = work_for_rater(workspace, rater, name)
    if as_json:
        typer.echo(json.dumps(_sheet_plain(shown.sheet), indent=2))
        return
    for line in _sheet_lines(shown) if given or final or take_back else _evidence_lines(shown):
        print_line(line)
    if final and state_of(workspace).lock is not None:
        print_line("every sheet is final: the sheets are locked")


def conflict(
    folder: Eval,
    rater: Rater,
    work: Work,
    *,
    why: Annotated[str, typer.Option(help="The reason, for the record.")],
    withdraw: Annotated[bool, typer.Option("--withdraw", help="It was declared by mistake; --why says how.")] = False,
) -> None:
    """Close a rater's sheet of a work for a conflict of interest.

    It counts nowhere then; the rater's other sheets stay as they are.
    """
    from heldout.evals.committee import declare_conflict
    from heldout.evals.record.kinds import Role

    workspace, name = the_work(folder, work)
    declare_conflict(workspace, rater, name, why=why, by=Role.ORGANISER, withdrawn=withdraw)
    print_line(f"recorded: the sheet of {rater} on {name} is {'open again' if withdraw else 'closed'}")


def lock(
    folder: Eval,
    *,
    by: Author,
    why: Annotated[str, typer.Option(help="The reason, where a work has fewer than two final sheets.")] = "",
    as_json: AsJson = False,
) -> None:
    """End the blind pass now, though sheets are missing.

    Missing sheets are named, and count nowhere. The lock comes by itself once every sheet is final.
    """
    from heldout.evals.committee import lock

    done = lock(the_workspace(folder), by=by, why=why)
    if as_json:
        said = {"at": done.at.isoformat(), "by": done.by, "why": done.why, "works": done.works, "missing": done.missing}
        typer.echo(json.dumps(said, indent=2))
        return
    print_line(f"locked on {done.at:%Y-%m-%d %H:%M} UTC: {how_many(len(done.works), 'work')}")
    for missing in done.missing:
        print_line(f"not final, and counted nowhere: {missing}")


def restart(
    folder: Eval,
    works: Annotated[list[str] | None, typer.Argument(metavar="WORK", help="Works; else all of them.")] = None,
    *,
    by: Author,
    why: Annotated[str, typer.Option(help="The reason, for the record.")],
) -> None:
    """Begin the rating of works anew, as when a card changed.

    A lock is taken back, and old sheets are kept.
    """
    from heldout.evals.committee import restart

    named = restart(the_workspace(folder), works or (), by=by, why=why)
    print_line(f"rated anew: {', '.join(named)}")


def register(app: typer.Typer) -> None:
    """Add the commands of the blind pass."""
    for command in (invite, committee, rate, conflict, lock, restart):
        app.command()(command)


def _refuse_mixed(
    leaf: str | None, level: str | None, reason: str, sheet: Path | None, *, final: bool, take_back: bool
) -> None:
    if (leaf is None) is not (level is None) or (reason and leaf is None):
        raise BadInput("a level is given to a leaf", expected="--leaf LEAF --level LEVEL --reason TEXT")
    if (leaf is not None and sheet is not None) or (final and take_back):
        raise BadInput("these options exclude each other", expected="--leaf or --sheet; --final or --take-back")


def _print_sheets(sheets: tuple["Sheet", ...], as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps([_sheet_plain(sheet) for sheet in sheets], indent=2))
        return
    if not sheets:
        print_line("There is no work to be rated yet.")
    for sheet in sheets:
        print_line(f"{sheet.work}: {_standing(sheet)}")


def _standing(sheet: "Sheet") -> str:
    if sheet.conflict is not None:
        return f"closed, a conflict of interest declared by the {sheet.declared_by}: {sheet.conflict}"
    given = len(sheet.marks) - sum(mark.level is None for mark in sheet.marks.values())
    return "final" if sheet.is_final else f"open, {given} of 4 levels"


def _reason_of(shown: "WorkShown", leaf: str) -> str:
    """Return the reason that stands, which another level alone does not take away."""
    mark = shown.sheet.marks.get(leaf)
    return "" if mark is None else mark.reason


def _sheet_lines(shown: "WorkShown") -> Iterator[str]:
    yield f"{shown.name}, {shown.sheet.rater}: {_standing(shown.sheet)}"
    for leaf, mark in shown.sheet.marks.items():
        yield f"{leaf}: {mark.level or 'no level yet'}: {mark.reason}"


def _evidence_lines(shown: "WorkShown") -> Iterator[str]:
    for one in shown.leaves:
        yield f"{one.leaf.name}: {one.summary}"
        for level, anchor in one.leaf.anchors.items():
            yield f"  {level}: {anchor}"
        for finding in one.findings:
            yield f"  {finding.code} {finding.ending.value}: {finding.answer.claim}"
    yield from _sheet_lines(shown)


def _sheet_plain(sheet: "Sheet") -> dict[str, Any]:
    marks = {leaf: {"level": mark.level, "reason": mark.reason} for leaf, mark in sheet.marks.items()}
    said = {"rater": sheet.rater, "work": sheet.work, "round": sheet.round, "final": sheet.is_final}
    return {**said, "conflict": sheet.conflict, "marks": marks}


def _status_plain(status: "CommitteeStatus") -> dict[str, Any]:
    lock = status.state.lock
    return {
        "invited": [{"name": one.name, "role": one.role.value} for one in status.state.invited],
        "locked": None if lock is None else {"at": lock.at.isoformat(), "by": lock.by, "missing": lock.missing},
        "waits_for": status.waits_for,
        "works": [
            {
                "work": work.name,
                "candidate": work.candidate,
                "sheets": {
                    rater: {"final": sheet.is_final, "conflict": sheet.conflict, "levels": 4 - len(sheet.missing)}
                    for rater, sheet in status.sheets[work.name].items()
                },
            }
            for work in status.works
        ],
        "without_work": [{"candidate": one.candidate, "why": one.why} for one in status.missing],
    }


def _status_lines(status: "CommitteeStatus") -> Iterator[str]:
    people = ", ".join(f"{one.name} ({one.role.value})" for one in status.state.invited)
    yield f"committee: {people or 'nobody was invited yet'}"
    for work in status.works:
        yield f"{work.name} is of {work.candidate}, round {status.state.round_of(work.name)}"
        for rater, sheet in status.sheets[work.name].items():
            yield f"{work.name}, {rater}: {_standing(sheet)}"
        if work.name in status.state.seen:
            yield f"{work.name}: raters may have seen each other's earlier sheets, as a lock was taken back"
    for one in status.missing:
        yield f"{one.candidate} has no work: {one.why}"
    lock = status.state.lock
    if lock is not None:
        yield f"locked on {lock.at:%Y-%m-%d %H:%M} UTC by {lock.by or 'itself'}: {lock.why or 'early'}"
        yield from (f"not final, and counted nowhere: {missing}" for missing in lock.missing)
        yield from (f"{work.name} was not there at the lock" for work in status.works if work.name not in lock.works)
    yield from (f"the lock waits: {said}" for said in status.waits_for)
    if lock is None and status.works and not status.waits_for:
        yield "every sheet is final, and they are not locked yet: heldout eval lock EVAL --by NAME"
