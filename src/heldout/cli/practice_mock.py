"""`heldout practice mock` and `dayof`: an interview at the terminal, and the day of an eval by the clock."""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from heldout.cli.console import console, print_line
from heldout.cli.practice_desk import Json, now, said_on
from heldout.core.errors import BadInput
from heldout.practice.mock.aim import Level

__all__ = ["dayof", "mock", "register"]


def register(app: typer.Typer) -> None:
    """Add both commands to the group of practice."""
    app.command()(mock)
    app.command()(dayof)


def mock(
    submission: Annotated[
        Path | None,
        typer.Argument(
            metavar="[SUBMISSION]",
            help="A graded submission's bundle, or the eval's folder, followed by NAME; without it a drill's world.",
        ),
    ] = None,
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="A graded candidate of the eval's record.")
    ] = None,
    *,
    level: Annotated[Level | None, typer.Option(help="What is asked for; else the plan's level, or senior.")] = None,
    minutes: Annotated[float, typer.Option(help="The length, 3 to 180.")] = 45.0,
    seed: Annotated[int | None, typer.Option(min=0, help="The same seed asks the same; else drawn.")] = None,
    out: Annotated[Path | None, typer.Option(help="The folder of this mock; else one of the learner's.")] = None,
    record: Annotated[bool, typer.Option("--record", help="Record sound beside the transcript.")] = False,
    replay: Annotated[
        Path | None, typer.Option(metavar="TRANSCRIPT", help="Compute the score of a transcript again; ask nothing.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Be interviewed on your own graded submission, or on a planted world, and see what each answer earned.

    Each line is kept as it is said: after a crash the same command goes on. Answers are read by rules; a model at
    HELDOUT_LLM_URL (with HELDOUT_LLM_MODEL, HELDOUT_LLM_KEY) may word the interviewer's lines and never grades. You
    score yourself before you see the score. Exit codes: 0, 2 bad input.
    """
    if replay is not None:
        _replay(replay, as_json=as_json)
        return
    import os
    import secrets
    import time

    from heldout.app.practice_mock import Terms, open_mock, recorded
    from heldout.practice.learner.home import practice_folder
    from heldout.practice.learner.store import open_store
    from heldout.practice.mock.dealing import free_folder, note_mock, show_score
    from heldout.practice.mock.wording import endpoint_of
    from heldout.practice.session.desk import Left, desk_of

    wording = endpoint_of(os.environ)
    said = said_on(as_json=as_json)
    desk = desk_of(said)
    drawn = secrets.randbelow(10**6) if seed is None else seed
    with open_store(practice_folder()) as store:
        level = level or _planned(store.plan())
        terms = Terms(seed=drawn, level=level, minutes=minutes, bundle=_bundle(submission, name))
        folder = (out or free_folder(store.folder, _about(terms.bundle), drawn, level)).absolute()
        kept = open_mock(folder, terms, now())
        again = _again([submission, name, "--level", level, "--minutes", f"{minutes:g}", "--seed", drawn], out)
        said.print(f"The mock is kept in {folder}; after a break: {again}", highlight=False, markup=False)
        with recorded(kept, wanted=record) as sound:
            if sound:
                said.print(sound, highlight=False, markup=False)
            try:
                score = kept.play(desk, time.monotonic, wording=wording)
            except (Left, KeyboardInterrupt):  # Ctrl-C at a prompt, or between two
                said.print(f"\nLeft. All that was said is kept: {again}", highlight=False, markup=False)
                return
        note_mock(store, score, folder)
        if as_json:
            _print_score(score)
            return
        show_score(store, desk, score, kept.script.subject)


def _planned(plan: Mapping[str, Any] | None) -> Level:
    """Return the level for which the learner prepares; senior where there is no plan."""
    from heldout.practice.plan import terms_of

    return Level(terms_of(plan).level) if plan else Level.SENIOR


def _bundle(submission: Path | None, name: str | None) -> Path | None:
    if submission is None:
        return None
    if name is None:
        if (submission / "record").is_dir() and not (submission / "bundle.json").exists():
            raise BadInput(
                f"{submission} is the folder of an eval",
                expected="a bundle's folder, or the eval's folder and the name of a candidate",
                mend="heldout eval status EVAL names the candidates",
            )
        return submission
    from heldout.app.eval_walkthrough import bundle_of
    from heldout.cli.eval_talk import opened

    return bundle_of(opened(submission, name)[1])


def _about(bundle: Path | None) -> str:
    """Return a short name of what a mock is about, for its folder."""
    import hashlib

    return "drill" if bundle is None else hashlib.sha256(str(bundle.resolve()).encode()).hexdigest()[:8]


def _again(words: list[object], out: Path | None) -> str:
    """Return the command that goes on."""
    import shlex

    words = [*words, *(["--out", out] if out is not None else [])]
    return f"heldout practice mock {shlex.join(str(one) for one in words if one is not None)}"


def _replay(transcript: Path, *, as_json: bool) -> None:
    from heldout.practice.mock.kept import replayed
    from heldout.practice.mock.view import score_view
    from heldout.practice.session.seen import Seen

    score, _ = replayed(transcript)
    if as_json:
        _print_score(score)
    else:
        console().print(Seen(score_view(score)))


def _print_score(score: object) -> None:
    from heldout.practice.mock.score import MockScore, score_text

    assert isinstance(score, MockScore)
    typer.echo(score_text(score), nl=False)


def dayof(
    *,
    start: Annotated[
        str | None, typer.Option(help="When it begins, as 2026-01-05T09:00 with or without an offset; else now.")
    ] = None,
    hours: Annotated[float, typer.Option(help="How long it takes by the clock, 1 to 240.")] = 48.0,
    budget: Annotated[float | None, typer.Option(help="Hours of compute that may be used.")] = None,
    clock: Annotated[bool, typer.Option("--clock", help="Go on showing where you are, until Ctrl-C.")] = False,
    as_markdown: Annotated[bool, typer.Option("--markdown", help="Print Markdown, to keep beside the work.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")] = False,
) -> None:
    """Show the day of an eval in boxes of time, where you are in it, and words for its moments.

    Up to eight hours make a short day; a longer one keeps its nights. Exit codes: 0, 2 bad input.
    """
    from heldout.practice.dayof import day_of, now_in, sections
    from heldout.practice.dayof.view import clock_line, day_json, day_markdown, day_view

    if as_markdown and as_json:
        raise BadInput("--markdown and --json are both given", expected="one of them")
    instant = now()
    day = day_of(_instant(start, instant), hours, budget)
    if as_json:
        typer.echo(day_json(day, now_in(day, instant), sections()), nl=False)
    elif as_markdown:
        typer.echo(day_markdown(day, sections()), nl=False)
    elif clock and console().is_terminal:
        from heldout.practice.dayof.running import run_clock

        run_clock(day, console(), now)
    else:
        console().print(day_view(day, now_in(day, instant), sections()))
        if clock:
            print_line(clock_line(now_in(day, instant)))


def _instant(start: str | None, instant: dt.datetime) -> dt.datetime:
    """Return the start; one without an offset is of this machine's zone."""
    if start is None:
        return instant.replace(second=0, microsecond=0)
    try:
        said = dt.datetime.fromisoformat(start)
    except ValueError:
        said = None
    if said is None:
        raise BadInput(
            f"the start is {start!r}", where="--start", expected="an instant as 2026-01-05T09:00 or with an offset"
        )
    return said if said.tzinfo else said.replace(tzinfo=_zone())


def _zone() -> dt.tzinfo:
    from heldout.core.time_zone import zone_named
    from heldout.practice.session.beginning import local_zone

    return zone_named(local_zone())
