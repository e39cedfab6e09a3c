"""`heldout eval`: the conversation. Options to the use cases, receipts and tables to text, and their exit codes."""

import datetime as dt
import json
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from heldout.cli.console import console, print_line
from heldout.cli.progress import progress
from heldout.core.errors import BadInput
from heldout.core.verdict import ExitCode

if TYPE_CHECKING:
    from heldout.app.eval_talk import Status
    from heldout.app.eval_tree import Written
    from heldout.evals.record.ledger import Receipt
    from heldout.evals.record.seen import SeenEvent
    from heldout.evals.record.workspace import CandidateRecord, Workspace

__all__ = ["Eval", "Name", "opened", "register"]

Eval = Annotated[Path, typer.Argument(metavar="EVAL", help="The eval's folder, which holds brief.toml and record/.")]
Name = Annotated[str, typer.Argument(metavar="NAME", help="The candidate's name in the record.")]
Tree = Annotated[Path, typer.Option(help="The working tree, which holds .git.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")]
HERE = Path()


class Viewer(StrEnum):
    """Who looks at the log."""

    ORGANISER = "organiser"
    CANDIDATE = "candidate"
    RATER = "rater"


class Giver(StrEnum):
    """Who gives feedback."""

    ORGANISER = "organiser"
    RATER = "rater"


def update(
    *,
    done: Annotated[str, typer.Option(help="What was done since the last update, or what became of --feedback.")],
    following: Annotated[str, typer.Option("--next", help="What is next.")] = "",
    assumptions: Annotated[str, typer.Option(help="What was assumed.")] = "",
    metric: Annotated[list[str] | None, typer.Option(help="NAME VALUE, or NAME VALUE @ COMMIT; repeatable.")] = None,
    hours: Annotated[float | None, typer.Option(help="Hours of work, if you want to say; never scored.")] = None,
    feedback: Annotated[int | None, typer.Option(help="Say what became of this feedback instead.")] = None,
    tree: Tree = HERE,
) -> None:
    """Write an update into UPDATES.md of your working tree.

    Commit and push it, and it counts.
    """
    from heldout.app.eval_tree import tell_of_feedback, update

    if feedback is not None:
        _written(tell_of_feedback(tree, feedback, done))
        return
    now = dt.datetime.now().astimezone()
    metrics = metric or []
    _written(
        update(tree, done=done, following=following, assumptions=assumptions, metrics=metrics, hours=hours, now=now)
    )


def ask(
    title: Annotated[str, typer.Argument(help="The question in a line.")],
    *,
    text: Annotated[str, typer.Option(help="What else there is to say.")] = "",
    topic: Annotated[str | None, typer.Option(help="prototype-or-pipeline, data, metric, scope or other.")] = None,
    tree: Tree = HERE,
) -> None:
    """Write a question into QUESTIONS.md of your working tree.

    Commit and push it, and it is asked.
    """
    from heldout.app.eval_tree import ask

    _written(ask(tree, title, text=text, topic=topic))


def answer(
    folder: Eval,
    name: Name,
    number: Annotated[int, typer.Argument(help="The question's number.")],
    text: Annotated[str, typer.Argument(help="The answer.")],
) -> None:
    """Answer a candidate's question."""
    from heldout.app.eval_talk import answer

    workspace, candidate = opened(folder, name)
    _receipt(workspace, candidate, answer(candidate, number, text), f"question {number} is answered")


def rescope(
    folder: Annotated[Path | None, typer.Argument(metavar="EVAL", help="Organiser: the eval's folder.")] = None,
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="Organiser: the candidate.")] = None,
    number: Annotated[int | None, typer.Argument(metavar="NUMBER", help="Organiser: the proposal's number.")] = None,
    *,
    is_accepted: Annotated[bool | None, typer.Option("--accept/--refuse", help="Organiser: the decision.")] = None,
    why: Annotated[str, typer.Option(help="Organiser: the reason.")] = "",
    setting: Annotated[
        list[str] | None, typer.Option("--set", help="Organiser: a new value, as deliverables.monitoring=TEXT.")
    ] = None,
    narrowed: Annotated[str, typer.Option(help="Candidate: what would be left out or done smaller.")] = "",
    trade_offs: Annotated[str, typer.Option(help="Candidate: what that costs.")] = "",
    tree: Tree = HERE,
) -> None:
    """Propose another scope, or accept or refuse one.

    A candidate proposes with --narrowed and --trade-offs, the organiser answers.

    An accepted proposal makes the candidate's next version of the brief. Holdout, metric, lift, weights and scoring
    stay as they were committed to.
    """
    from heldout.app.eval_tree import propose
    from heldout.evals.record.scope import accept, refuse

    if folder is None:
        _written(propose(tree, narrowed=narrowed, tradeoffs=trade_offs))
        return
    if name is None or number is None or is_accepted is None or not why.strip():
        raise BadInput(
            "a decision names the candidate, the proposal and the reason",
            expected="heldout eval rescope EVAL NAME NUMBER --accept (or --refuse) --why TEXT",
            mend="heldout eval status EVAL lists open proposals",
        )
    workspace, candidate = opened(folder, name)
    if is_accepted:
        receipt = accept(workspace, candidate, number, why=why, changes=_settings(setting or []))
    else:
        receipt = refuse(workspace, candidate, number, why=why)
    _receipt(workspace, candidate, receipt, f"proposal {number} is {'accepted' if is_accepted else 'refused'}")


def extend(
    folder: Eval,
    name: Name,
    hours: Annotated[float, typer.Argument(help="Hours that the window gets longer.")],
    *,
    why: Annotated[str, typer.Option(help="The reason, for the record.")],
    cost: Annotated[float, typer.Option(help="What it costs, if anything; said on the card, never computed.")] = 0.0,
) -> None:
    """Extend a candidate's window. It costs nothing unless you say so."""
    from heldout.app.eval_talk import extend

    workspace, candidate = opened(folder, name)
    _receipt(workspace, candidate, extend(candidate, hours, why=why, cost=cost), f"{hours:g} hours are added")


def accommodate(
    folder: Eval,
    name: Name,
    hours: Annotated[float, typer.Argument(help="Hours that the window gets longer; 0 where it is something else.")],
    *,
    what: Annotated[str, typer.Option(help="What is agreed.")],
) -> None:
    """Record an accommodation: you and the candidate alone see it."""
    from heldout.app.eval_talk import accommodate

    workspace, candidate = opened(folder, name)
    _receipt(workspace, candidate, accommodate(candidate, hours, what=what), "the accommodation is recorded")


def feedback(
    folder: Eval,
    name: Name,
    text: Annotated[str, typer.Argument(help="The feedback.")],
    *,
    by: Annotated[Giver, typer.Option(help="Who gives it.")] = Giver.ORGANISER,
) -> None:
    """Give feedback on the work so far.

    The candidate says in UPDATES.md what became of it.
    """
    from heldout.app.eval_talk import give_feedback
    from heldout.evals.record.kinds import Role

    workspace, candidate = opened(folder, name)
    number, receipt = give_feedback(candidate, text, by=Role(by.value))
    _receipt(workspace, candidate, receipt, f"it is feedback {number}")


def log(
    folder: Eval,
    name: Name,
    *,
    viewer: Annotated[Viewer, typer.Option("--as", help="In whose eyes; raters see less.")] = Viewer.ORGANISER,
    as_json: AsJson = False,
) -> None:
    """Show what happened, in order."""
    from heldout.evals.record.kinds import Role
    from heldout.evals.record.seen import seen_by

    _, candidate = opened(folder, name)
    seen = seen_by(candidate.ledger.events(), Role(viewer.value))
    if as_json:
        typer.echo(json.dumps([asdict(event) for event in seen], indent=2))
        return
    _print_events(seen)


def status(
    folder: Eval,
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="One candidate; else all of them.")] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Show each candidate's clock, and what waits for whom."""
    from heldout.app.eval_talk import opened_workspace, status_of

    names = [name] if name is not None else [one.name for one in opened_workspace(folder).candidates()]
    found = [status_of(*opened(folder, one)) for one in names]
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in found], indent=2, default=str))
        return
    if not found:
        print_line("The eval was opened for nobody yet.")
    for one in found:
        for line in _status_lines(one):
            print_line(line)


def cancel(folder: Eval, name: Name, *, why: Annotated[str, typer.Option(help="The reason, for the record.")]) -> None:
    """Cancel the eval of a candidate; what is recorded stays."""
    from heldout.app.eval_talk import cancel

    workspace, candidate = opened(folder, name)
    _receipt(workspace, candidate, cancel(candidate, why=why), "the eval is cancelled")


def submit(
    folder: Eval,
    name: Name,
    *,
    commit: Annotated[str, typer.Option(help="What is handed in: a branch, a tag or a hash.")] = "HEAD",
    logs: Annotated[list[Path] | None, typer.Option(help="A raw log to be archived with it; repeatable.")] = None,
) -> None:
    """Hand in a commit of the candidate: tag, logs, receipt.

    Exit codes: 0 taken, 1 refused as too late (as the brief says), 2 bad input.
    """
    from heldout.app.eval_talk import submit

    workspace, candidate = opened(folder, name)
    handed_in = submit(workspace, candidate, commit=commit, logs=logs or [])
    late = f"{handed_in.standing.minutes_late:.1f} minutes after the end"
    said = {
        "in time": "in time",
        "grace": f"{late}, within the grace: it counts as in time",
        "late": f"{late}: it is graded, and the card says so",
        "refused": f"{late}: the brief refuses what is late, and this is recorded",
    }[handed_in.standing.becomes]
    print_line(f"commit {handed_in.commit}" + (f", tag {handed_in.tag}" if handed_in.tag else ""))
    _receipt(workspace, candidate, handed_in.receipt, said)
    if not handed_in.is_taken:
        raise typer.Exit(ExitCode.PROBLEM)


def interim(
    folder: Eval,
    name: Name,
    *,
    commit: Annotated[str, typer.Option(help="What is scored: a branch, a tag or a hash.")] = "HEAD",
    most: Annotated[int, typer.Option(min=0, help="Scores that are released at most.")] = 5,
) -> None:
    """Score a commit on the feedback rows.

    A score is released for a new best beyond one standard error.
    """
    from heldout.app.eval_interim import interim
    from heldout.evals.record.scope import opened_in_force
    from heldout.report.figures import lift_unit, said

    workspace, candidate = opened(folder, name)
    with progress(keep=True) as say:
        scored = interim(workspace, candidate, commit=commit, most=most, progress=say)
    print_line(scored.why)
    if scored.lift is not None:
        unit = lift_unit(opened_in_force(workspace, candidate).brief.lift.scale)
        print_line(f"lift over the baseline on the feedback rows: {said(scored.lift, unit, signed=True)}")
    _receipt(workspace, candidate, scored.receipt, "released" if scored.released else "withheld")


def webhook(
    folder: Eval,
    *,
    url: Annotated[str | None, typer.Option(help="Where events are posted, in the Slack incoming format.")] = None,
    off: Annotated[bool, typer.Option("--off", help="Post nothing any more.")] = False,
) -> None:
    """Set where events are posted, or post what still waits. Accommodations are never posted."""
    from heldout.app.eval_talk import opened_workspace
    from heldout.evals.record.webhook import post_events, set_webhook

    workspace = opened_workspace(folder)
    if not off:
        for candidate in workspace.candidates():
            candidate.ledger.events()  # a damaged ledger is told before anything is set
    if url is not None or off:
        set_webhook(workspace, None if off else url)
        print_line("nothing is posted any more" if off else "events are posted from now on, and those that happened")
    for candidate in workspace.candidates():
        posted = post_events(workspace, candidate)
        why = f" ({posted.why})" if posted.why else ""
        print_line(f"{candidate.name}: {posted.posted} posted, {posted.waiting} waiting{why}")


def register(app: typer.Typer) -> None:
    """Add the commands of the conversation."""
    for command in (
        *(update, ask, answer, rescope, extend, accommodate, feedback),
        *(log, status, submit, interim, cancel, webhook),
    ):
        app.command()(command)


def opened(folder: Path, name: str) -> "tuple[Workspace, CandidateRecord]":
    """Return an eval and a candidate's record, caught up with what was pushed to it without a server."""
    from heldout.app.eval_receive import catch_up
    from heldout.app.eval_talk import opened_candidate

    workspace, candidate = opened_candidate(folder, name)
    catch_up(workspace, candidate)
    return workspace, candidate


def _written(written: "Written") -> None:
    print_line(f"written: {written.path}; git add, commit and push it, and it counts")
    for message in written.messages:
        print_line(f"note: {message}")


def _receipt(workspace: "Workspace", candidate: "CandidateRecord", receipt: "Receipt", what: str) -> None:
    from heldout.evals.record.webhook import post_events

    print_line(what)
    print_line(f"receipt {receipt.n}, {receipt.at}, ledger head {receipt.head}")
    posted = post_events(workspace, candidate)
    if posted.why:
        print_line(f"webhook: {posted.waiting} events wait ({posted.why})", err=True)


def _settings(settings: list[str]) -> dict[str, Any]:
    """Return `table.key=value` as a mapping; a value that is a number is one, any other is text."""
    found: dict[str, Any] = {}
    for setting in settings:
        key, equals, value = setting.partition("=")
        if not equals:
            raise BadInput(f"--set {setting!r} has no =", expected="deliverables.monitoring=TEXT, or window.hours=60")
        try:
            found[key.strip()] = float(value) if key.startswith("window.") and key != "window.late" else value
        except ValueError:
            raise BadInput(f"{key} is {value!r}", where="--set", expected="a number") from None
    return found


def _print_events(seen: "tuple[SeenEvent, ...]") -> None:
    from heldout.report.printing import new_table, text_of
    from heldout.report.text import clip

    if not seen:
        print_line("Nothing happened yet.")
        return
    shows_time = any(event.at for event in seen)
    out = console()
    table = new_table(out, [*(("n", "at") if shows_time else ()), "by", "event", "found by"], 2)
    for event in seen:
        said = "forgotten" if event.payload is None else _payload_line(event.payload)
        cells = [*((str(event.n), str(event.at)) if shows_time else ()), event.actor.value, event.kind.value, said]
        table.add_row(*(text_of(out, clip(cell, 400)) for cell in cells))
    table.columns[-1].header = "what"
    out.print(table)


def _payload_line(payload: Any) -> str:
    return "; ".join(f"{key} {value}" for key, value in payload.items() if value not in (None, "", [], {}))


def _status_lines(one: "Status") -> list[str]:
    clock = one.clock
    given = [("paused", clock.paused_hours), ("extended", clock.extended_hours)]
    given += [("accommodated", clock.accommodated_hours)]
    added = "".join(f", {name} {hours:g}" for name, hours in given if hours)
    waits = [("questions", one.open_questions), ("scope proposals", one.open_proposals)]
    waits += [("feedback without an answer", one.open_feedback)]
    return [
        f"{one.name}: {clock.state}, {clock.left:.1f} hours left",
        f"  window: {clock.agreed_hours:g} hours agreed{added}; from {clock.started:%Y-%m-%d %H:%M} to "
        f"{clock.ends:%Y-%m-%d %H:%M} UTC; brief version {one.brief_version}",
        f"  record: {one.events} events, {one.updates} updates, {one.refused_pushes} refused pushes",
        *(f"  waiting: {what} {', '.join(map(str, numbers))}" for what, numbers in waits if numbers),
        *(
            f"  without an update: {gap.waking_hours:.1f} waking hours from {gap.begins:%Y-%m-%d %H:%M} UTC"
            for gap in one.gaps
        ),
        *([f"  handed in: {one.submitted}"] if one.submitted else []),
        *(f"  note: {note}" for note in clock.notes),
    ]
