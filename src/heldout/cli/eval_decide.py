"""`heldout eval`: after the lock. Adjudication, agreement, the decision: options to use cases, lines and exit codes."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from heldout.cli.console import print_line
from heldout.cli.eval_committee import AsJson, Author, the_work, the_workspace
from heldout.cli.eval_talk import Eval
from heldout.core.errors import BadInput
from heldout.core.lift import Band
from heldout.core.plural import how_many
from heldout.core.verdict import ExitCode

if TYPE_CHECKING:
    from heldout.core.estimate import Estimate
    from heldout.evals.committee.agreement import CommitteeAgreement, LeafAgreement
    from heldout.evals.committee.decision import Decided
    from heldout.evals.committee.packages import Packages

__all__ = ["register"]


def adjudicate(
    folder: Eval,
    work: Annotated[str | None, typer.Argument(metavar="WORK", help="A work; else what is open is listed.")] = None,
    *,
    leaf: Annotated[str | None, typer.Option(help="The leaf whose level is set.")] = None,
    level: Annotated[str | None, typer.Option(help="junior, mid, senior or staff.")] = None,
    reason: Annotated[str, typer.Option(help="Why, in words.")] = "",
    by: Author = "",
    as_json: AsJson = False,
) -> None:
    """Set a level after the lock, with author and reason.

    What it replaces is kept. Levels on which raters differ, or that they cannot tell, need it; where they agree, their
    level stands without it.
    """
    from heldout.evals.committee.adjudication import adjudicate, settled, to_adjudicate
    from heldout.evals.committee.locked import locked
    from heldout.evals.record.kinds import Role

    if work is None:
        found = [(name, one) for name, one in to_adjudicate(the_workspace(folder))]
    else:
        workspace, name = the_work(folder, work)
        if leaf is not None and level is not None:
            role = Role.ADJUDICATOR if by.strip() in locked(workspace).state.adjudicators else Role.ORGANISER
            found = [(name, adjudicate(workspace, name, leaf, level=level, reason=reason, by=by, role=role))]
        elif leaf is None and level is None:
            after = locked(workspace)
            found = [(name, one) for one in settled(workspace, after.work(name), after).values()]
        else:
            raise BadInput("a level is set on a leaf", expected="--leaf LEAF --level LEVEL --reason TEXT --by NAME")
    if as_json:
        plain = [
            {"work": name, "leaf": o.leaf, "level": o.level, "how": o.how, "given": dict(o.given)} for name, o in found
        ]
        typer.echo(json.dumps(plain, indent=2))
        return
    if not found:
        print_line("No level is open.")
    for name, one in found:
        given = ", ".join(f"{rater} {said}" for rater, said in one.given.items())
        print_line(f"{name}, {one.leaf}: {one.level or 'open'} ({one.how}); {given}")


def agreement(folder: Eval, *, as_json: AsJson = False) -> None:
    """Say how far raters agree, and where they differ.

    After the lock, with how severe each rater is beside the others; nothing is corrected by that.
    """
    from heldout.evals.committee.agreement import agreement

    found = agreement(the_workspace(folder))
    if as_json:
        typer.echo(json.dumps(asdict(found), indent=2))
        return
    for line in _agreement_lines(found):
        print_line(line)


def decide(
    folder: Eval,
    work: Annotated[str | None, typer.Argument(metavar="WORK", help="A work, or its candidate; else all.")] = None,
    *,
    multiplier: Annotated[float | None, typer.Option(help="Multiply the work's score; 1 takes it back.")] = None,
    deduct: Annotated[
        str | None, typer.Option(help="Points, or a deduction of the brief by name; 0 takes all back.")
    ] = None,
    band: Annotated[
        str | None, typer.Option(help="Give this band instead of the rule's; 'rule' takes it back.")
    ] = None,
    by: Author = "",
    reason: Annotated[str, typer.Option(help="Why, for the record, and for the candidate who reads it.")] = "",
    packages: Annotated[Path | None, typer.Option(help="Your own TOML: what a band comes with at a level.")] = None,
    as_json: AsJson = False,
) -> None:
    """Decide by the brief's rule, from the lift and the levels.

    What the organiser sets with author and reason comes in too. Each decision is written into its candidate's ledger.
    Packages are printed, and stored nowhere. Exit codes: 0 decided, 2 bad input, or a level that is open, 3 something
    is undecided and waits for a person.
    """
    from heldout.app.eval_committee import decide
    from heldout.evals.committee.decided_file import decision_plain
    from heldout.evals.committee.packages import read_packages

    table = None if packages is None else read_packages(packages)
    workspace, named = (the_workspace(folder), ()) if work is None else _named(folder, work)
    _set(folder, work, multiplier, deduct, band, by=by, reason=reason)
    decided, path = decide(workspace, named)
    if as_json:
        plain = [{**decision_plain(one), **_package(one, table)} for one in decided]
        typer.echo(json.dumps(plain, indent=2))
    else:
        for one in decided:
            for line in _decided_lines(one, table):
                print_line(line)
        print_line(f"written: {path}")
    raise typer.Exit(ExitCode.UNDECIDED if any(one.band is Band.UNDECIDED for one in decided) else ExitCode.CLEAR)


def register(app: typer.Typer) -> None:
    """Add the commands after the lock."""
    for command in (adjudicate, agreement, decide):
        app.command()(command)


def _named(folder: Path, work: str) -> tuple[Any, tuple[str, ...]]:
    workspace, name = the_work(folder, work)
    return workspace, (name,)


def _set(
    folder: Path,
    work: str | None,
    multiplier: float | None,
    deduct: str | None,
    band: str | None,
    *,
    by: str,
    reason: str,
) -> None:
    from heldout.evals.committee import decision

    if multiplier is None and deduct is None and band is None:
        return
    if work is None:
        raise BadInput("it is not said for which work", expected="decide EVAL WORK --by NAME --reason TEXT")
    if band is not None and band not in (*Band, "rule"):
        raise BadInput(f"there is no band {band!r}", where="--band", expected=f"{', '.join(Band)}, or rule")
    workspace, name = the_work(folder, work)
    decision.check_rulings(workspace, name, multiplier=multiplier, what=deduct, by=by, reason=reason)
    if multiplier is not None:
        decision.set_multiplier(workspace, name, multiplier, by=by, reason=reason)
    if deduct is not None:
        decision.deduct(workspace, name, deduct, by=by, reason=reason)
    if band is not None:
        decision.override(workspace, name, None if band == "rule" else Band(band), by=by, reason=reason)


def _package(decided: "Decided", table: "Packages | None") -> dict[str, str | None]:
    return {} if table is None else {"package": table.text(decided.band, decided.ruled.level)}


def _decided_lines(decided: "Decided", table: "Packages | None") -> Iterator[str]:
    given = decided.rulings.override
    yield f"{decided.candidate} ({decided.work}): {decided.band.value}; score {decided.ruled.score:.3f}"
    yield from (f"  {reason}" for reason in decided.ruled.reasons)
    if given is not None:
        yield f"  The rule gives {decided.ruled.band.value}; {given.by} gave {given.band.value}: {given.reason}"
    if table is not None:
        said = table.text(decided.band, decided.ruled.level)
        where = f"{decided.band.value} at {decided.ruled.level}"
        yield f"  package: {said or f'the table has none for {where}'}"


def _agreement_lines(found: "CommitteeAgreement") -> Iterator[str]:
    from heldout.report.figures import said

    units = how_many(found.pooled.units, "unit")
    yield f"{how_many(found.works, 'work')}, {how_many(len(found.raters), 'rater')}, {units} with two levels"
    yield from _coefficients("all questions", found.pooled)
    for leaf, one in found.by_leaf.items():
        yield from _coefficients(leaf, one)
    if found.pooled.raw.value is not None and found.pooled.raw.undefined_because:
        yield f"shares have no interval: {found.pooled.raw.undefined_because}"
    for apart in found.disagreements:
        levels = ", ".join(f"{rater} {level}" for rater, level in apart.levels.items())
        yield f"{how_many(apart.steps, 'level')} apart: {apart.work}, {apart.leaf}: {levels}"
    for rater in found.severity:
        unsure = f"; cannot tell {how_many(rater.cannot_tell, 'time')}" if rater.cannot_tell else ""
        yield f"{rater.rater} beside the others, in levels: {said(rater.deviation, signed=True)}{unsure}"
        yield f"{rater.rater} from their first work to their last, in levels: {said(rater.drift, signed=True)}"


def _coefficients(name: str, one: "LeafAgreement") -> Iterator[str]:
    from heldout.report.figures import amount

    if one.raw.value is None:
        yield f"{name}: no unit has two levels"
        return
    yield f"{name}: {amount(one.raw.value, 'share')} of the pairs of levels are equal, n = {one.units}"
    if one.alpha.value is not None or name == "all questions":
        yield f"Krippendorff's alpha {_shown(one.alpha)}; Gwet's AC2 {_shown(one.gwet)}"


def _shown(estimate: "Estimate") -> str:
    from heldout.report.figures import said

    return f"undefined ({estimate.undefined_because})" if estimate.value is None else said(estimate)
