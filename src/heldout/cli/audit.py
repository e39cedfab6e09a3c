"""`heldout audit`: options to the use case, the verdict to terminal, JSON or files, and its exit code."""

import sys
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from heldout.cli.console import console, print_line
from heldout.cli.given import refuse_blank, separator_of
from heldout.cli.progress import progress
from heldout.cli.settings import settings_of, settled
from heldout.core.errors import BadInput
from heldout.core.finding import Certainty
from heldout.core.progress import Progress

if TYPE_CHECKING:
    from heldout.core.verdict import Verdict

__all__ = ["audit"]


class Task(StrEnum):
    """What the target makes of the question."""

    CLASSIFICATION = "classification"
    REGRESSION = "regression"


def audit(
    context: typer.Context,
    data: Annotated[
        str | None,
        typer.Argument(
            help="One table: CSV (also .gz or .zip), Parquet, JSON Lines, Arrow, or the address of a database's "
            "(sqlite:///FILE?table=NAME); or a heldout.toml, which is looked for where there is neither DATA nor "
            "--train.",
            is_eager=True,
            callback=settled,
        ),
    ] = None,
    *,
    target: Annotated[
        str | None,
        typer.Option(help="The column to predict, or a comparison: 'arr_delay >= 15', '15 contains \">50K\"'."),
    ] = None,
    train: Annotated[
        str | None, typer.Option(help="The rows that a model learns from, instead of DATA.", is_eager=True)
    ] = None,
    test: Annotated[str | None, typer.Option(help="The rows that it is scored on.")] = None,
    manifest: Annotated[
        Path | None,
        typer.Option(help="The manifest of the split whose parts these are; one beside them is found."),
    ] = None,
    positive: Annotated[str | None, typer.Option(help="The class that counts as 1.")] = None,
    task: Annotated[Task | None, typer.Option(help="What the target is, where its values mislead.")] = None,
    time: Annotated[str | None, typer.Option(help="The column that says when a row happened.")] = None,
    entity: Annotated[str | None, typer.Option(help="The column that says whom or what a row is about.")] = None,
    row_id: Annotated[
        str | None, typer.Option("--id", help="The key that matches predictions to test rows; else by their order.")
    ] = None,
    horizon: Annotated[
        str | None, typer.Option(help="How long after a row's time its label is known: 7d, 12h, 30min.")
    ] = None,
    embargo: Annotated[str | None, typer.Option(help="The gap to keep between train and test: 1d.")] = None,
    fold: Annotated[str | None, typer.Option(help="The column that numbers the folds of a cross-validation.")] = None,
    predictions: Annotated[
        str | None, typer.Option(help="Scores for the test rows: a column called prediction or score.")
    ] = None,
    reported: Annotated[float | None, typer.Option(help="The score that is quoted.")] = None,
    interval: Annotated[
        tuple[float, float] | None, typer.Option(help="The interval quoted with it.", metavar="LOW HIGH")
    ] = None,
    metric: Annotated[
        str | None, typer.Option(help="Its metric: roc_auc, accuracy, precision@0.8, log_loss, ...")
    ] = None,
    slices: Annotated[
        list[str] | None, typer.Option("--slice", help="A column in each of whose values to score. Repeatable.")
    ] = None,
    threshold: Annotated[
        float | None, typer.Option(help="The score from which rows are called positive: for accuracy, f1, ...")
    ] = None,
    threshold_chosen_on: Annotated[
        str, typer.Option(help="The rows that the threshold was chosen on: validation, test, ...")
    ] = "",
    capacity: Annotated[int | None, typer.Option(help="How many of the scored rows can be acted on.")] = None,
    costs: Annotated[
        tuple[float, float] | None,
        typer.Option(help="What a false positive and a false negative cost.", metavar="FP FN"),
    ] = None,
    needs_probability: Annotated[
        bool, typer.Option("--needs-probability", help="The score is read as a probability.")
    ] = False,
    known_at_prediction: Annotated[
        Path | None, typer.Option(help="A file with the columns that exist when a prediction is made, one per line.")
    ] = None,
    evaluations: Annotated[
        int | None, typer.Option(help="How many models or settings were scored on the test rows.")
    ] = None,
    corpus: Annotated[
        list[Path] | None, typer.Option(help="Texts that a model was trained on: .txt, .jsonl, .parquet. Repeatable.")
    ] = None,
    estimator: Annotated[
        str | None, typer.Option(help="A scikit-learn estimator to fit again: FILE.py:NAME or package.module:NAME.")
    ] = None,
    no_price: Annotated[
        bool, typer.Option("--no-price", help="Don't fit a model again to tell what each problem is worth.")
    ] = False,
    seed: Annotated[int, typer.Option(help="The seed of everything that is drawn.")] = 0,
    no_header: Annotated[
        bool, typer.Option("--no-header", help="The first line is data; columns are named 1, 2, and so on.")
    ] = False,
    separator: Annotated[str | None, typer.Option(help="The sign between values, where it is guessed wrong.")] = None,
    na: Annotated[list[str] | None, typer.Option(help="A text that means no value, such as '?'. Repeatable.")] = None,
    drop: Annotated[list[str] | None, typer.Option(help="A column to leave out. Repeatable.")] = None,
    select: Annotated[list[str] | None, typer.Option(help="Ask only these checks: codes, names, families.")] = None,
    ignore: Annotated[list[str] | None, typer.Option(help="Don't ask these checks.")] = None,
    fail_on: Annotated[Certainty, typer.Option(help="Exit 1 for problems at least this sure.")] = Certainty.STRONG,
    since: Annotated[
        Path | None, typer.Option(help="The report.json of an earlier audit: only problems that it lacks fail.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="A folder for report.html, report.md, report.json and junit.xml.")
    ] = None,
    junit: Annotated[Path | None, typer.Option(help="A file for the findings as JUnit XML.")] = None,
    first_look: Annotated[
        bool | None,
        typer.Option(
            "--first-look/--no-first-look",
            help="Print what a few rows of a large file show before it is read; by default on a terminal.",
        ),
    ] = None,
    details: Annotated[
        bool, typer.Option("--details", help="Print cautions, clear answers and what was not asked in full.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")] = False,
) -> None:
    """Find columns that give the answer away, and say whether a split holds and what of a score is supported.

    What options say may stand in a heldout.toml, or in a pyproject.toml below [tool.heldout]; an option here wins.

    Exit codes: 0 clear, 1 problems at --fail-on or above, 2 bad input, 3 undecided, 4 the tool failed.
    """
    settings = settings_of(context)
    source = _source(None if settings and settings.is_overruled(context) else data, train, test)
    _refuse_places(out, junit, (source, test, predictions, known_at_prediction, since, manifest, *(corpus or ())))
    refuse_blank(
        {
            "--target": target,
            "--positive": positive,
            "--time": time,
            "--entity": entity,
            "--id": row_id,
            "--horizon": horizon,
            "--embargo": embargo,
            "--fold": fold,
            "--metric": metric,
            "--slice": slices,
            "--drop": drop,
            "--estimator": estimator,
        }
    )
    separator = separator_of(separator)
    from heldout.app import audit as use_case  # keeps the start of other commands fast
    from heldout.app.estimator import load_estimator

    with progress() as say:
        verdict = use_case.audit(
            source,
            target=target,
            test=test,
            manifest=manifest,
            positive=positive,
            task=None if task is None else task.value,
            time=time,
            entity=entity,
            row_id=row_id,
            predictions=predictions,
            reported=reported,
            interval=interval,
            metric=metric,
            slices=slices or (),
            threshold=threshold,
            threshold_chosen_on=threshold_chosen_on,
            capacity=capacity,
            costs=costs,
            needs_probability=needs_probability,
            known_at_prediction=known_at_prediction,
            horizon=horizon,
            embargo=embargo,
            fold=fold,
            evaluations=evaluations,
            corpus=corpus or (),
            estimator=None if estimator is None else load_estimator(estimator),
            price=not no_price,
            seed=seed,
            drop=drop or (),
            null_texts=na or (),
            header=not no_header,
            separator=separator,
            select=select or (),
            ignore=ignore or (),
            accept=settings.accepts if settings else (),
            since=since,
            looks_first=first_look if first_look is not None else sys.stderr.isatty() and not as_json,
            progress=say,
        )
        written = (*_write(verdict, out, fail_on, say), *_write_junit(verdict, junit, fail_on))
    _print(verdict, as_json=as_json, details=details, written=written)
    raise typer.Exit(verdict.exit_code(fail_on))


def _source(data: str | None, train: str | None, test: str | None) -> str:
    if data is not None and train is not None:
        raise BadInput("there are DATA and --train", expected="one of them", mend="leave DATA out")
    source = data or train
    if source is None:
        raise BadInput(
            "there is no table",
            expected="a file, --train and --test, or a heldout.toml here or above that names one",
            mend="for instance: heldout audit data.csv --target y",
        )
    if train is not None and test is None:
        raise BadInput("there is --train and no --test", mend="give --test, or a single table without --train")
    return source


def _refuse_places(out: Path | None, junit: Path | None, read: Iterable[str | Path | None]) -> None:
    if out is not None and out.exists() and not out.is_dir():
        raise BadInput("--out is a file", where=str(out), expected="a folder", mend="name another folder")
    if junit is None:
        return
    if junit.is_dir():
        raise BadInput("--junit is a folder", where=str(junit), expected="a file", mend="name a file in it")
    if any(_is_same(junit, str(path)) for path in read if path):
        raise BadInput(
            "--junit is a file that is read",
            where=str(junit),
            expected="a file of its own, as it is written anew",
            mend="name another file",
        )


def _is_same(path: Path, read: str) -> bool:
    try:
        return path.samefile(read)
    except OSError:  # one of them is not there, or is an address
        return False


def _write(verdict: "Verdict", folder: Path | None, fail_on: Certainty, say: Progress) -> tuple[Path, ...]:
    """Write the four reports, all or none of them."""
    if folder is None:
        return ()
    from heldout.app.files import replace_texts
    from heldout.report import html, json, junit, markdown  # drawing takes a second to load

    say(f"writing reports to {folder}")
    reports = {
        "report.html": html.verdict_page(verdict),
        "report.md": markdown.verdict_text(verdict),
        "report.json": json.to_json(verdict),
        "junit.xml": junit.verdict_xml(verdict, fail_on),
    }
    return replace_texts(folder, reports)


def _write_junit(verdict: "Verdict", path: Path | None, fail_on: Certainty) -> tuple[Path, ...]:
    if path is None:
        return ()
    from heldout.app.files import replace_texts
    from heldout.report import junit

    return replace_texts(path.parent, {path.name: junit.verdict_xml(verdict, fail_on)})


def _print(verdict: "Verdict", *, as_json: bool, details: bool, written: tuple[Path, ...]) -> None:
    from heldout.report import json, terminal_verdict  # as above

    if as_json:
        typer.echo(json.to_json(verdict), nl=False)
        return
    terminal_verdict.print_verdict(verdict, console(), details=details)
    for path in written:
        print_line(f"written: {path}", err=True)
