"""`heldout eval new`: a table and terms to the use case; the chances of each band and what was written to text."""

import json
import sys
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from heldout.cli.console import console, print_line
from heldout.cli.given import refuse_blank
from heldout.cli.progress import progress
from heldout.core.errors import BadInput
from heldout.core.lift import Band, LiftScale
from heldout.core.verdict import ExitCode

if TYPE_CHECKING:
    from heldout.app.eval_new import Authored
    from heldout.evals.authoring.power import Outlook

__all__ = ["new", "register"]

LARGEST_LIST = 1 << 20


class Kind(StrEnum):
    """What is asked for."""

    LIFT = "lift"
    DRIFT = "drift"
    RESCUE = "rescue"


class Level(StrEnum):
    """Of whom."""

    JUNIOR = "junior"
    MID = "mid"
    SENIOR = "senior"
    STAFF = "staff"


def register(app: typer.Typer) -> None:
    """Add `new` to the commands of `heldout eval`."""
    app.command()(new)


def new(
    data: Annotated[Path, typer.Argument(help="The table: CSV (also .gz or .zip), Parquet, JSON Lines, Arrow.")],
    *,
    target: Annotated[str | None, typer.Option(help="The column to predict.")] = None,
    positive: Annotated[str | None, typer.Option(help="The class that counts as 1; none for numbers.")] = None,
    scale: Annotated[
        LiftScale | None, typer.Option(help="What a lift of 5 % means: of the score, of its distance to perfect, ...")
    ] = None,
    objective: Annotated[str | None, typer.Option(help="What is asked for, in a sentence or two.")] = None,
    title: Annotated[str | None, typer.Option(help="What the eval is called.")] = None,
    key: Annotated[str | None, typer.Option(help="The column that names a row; ids are made without it.")] = None,
    time: Annotated[str | None, typer.Option(help="When a row happened: the holdout is later than the rest.")] = None,
    entity: Annotated[str | None, typer.Option(help="Keep each value of this column in one part.")] = None,
    cluster: Annotated[
        str | None, typer.Option(help="Rows that share its value depend on each other; the entity or day by default.")
    ] = None,
    horizon: Annotated[str | None, typer.Option(help="How long after a row's time its label is known: 7d.")] = None,
    embargo: Annotated[str | None, typer.Option(help="A further gap before the holdout: 1d.")] = None,
    known: Annotated[
        list[str] | None,
        typer.Option(help="A column known when a prediction is made, or @FILE of them. Repeatable; all by default."),
    ] = None,
    metric: Annotated[
        str | None, typer.Option(help="roc_auc for classes, root_mean_squared_error for numbers.")
    ] = None,
    baseline: Annotated[
        Path | None, typer.Option(help="The folder of a submission; by default one that says the training rate.")
    ] = None,
    minimum: Annotated[float | None, typer.Option(help="The lift that a pass takes; by level without it.")] = None,
    target_lift: Annotated[float | None, typer.Option(help="The lift that is hoped for; by level without it.")] = None,
    hours: Annotated[float | None, typer.Option(help="How long a candidate has; by level and kind without it.")] = None,
    kind: Annotated[
        Kind, typer.Option(help="A lift, a drift detector beside it, or a leaky project to mend.")
    ] = Kind.LIFT,
    level: Annotated[Level, typer.Option(help="Of whom it is asked: sets weights, window and cadence.")] = Level.MID,
    feedback: Annotated[float, typer.Option(help="The share of feedback rows; 0 for none.")] = 0.2,
    final: Annotated[float, typer.Option(help="The share of the final rows.")] = 0.2,
    seed: Annotated[
        int | None, typer.Option(help="Of split, ids and order of rows; private, and drawn without it.")
    ] = None,
    na: Annotated[list[str] | None, typer.Option(help="A text that means no value, such as '?'. Repeatable.")] = None,
    out: Annotated[Path, typer.Option(help="The folder of the eval; new, or empty.")] = Path("eval"),
    as_json: Annotated[bool, typer.Option("--json", help="Print a summary as JSON and nothing else.")] = False,
) -> None:
    """Write an eval from a table: brief, holdout, kit, commitment.

    Example: heldout eval new flights.parquet --target late --positive 1 --time date --scale relative
    --known @known.txt --objective "Say at the scheduled departure how likely a flight is late."

    What is missing is asked for on a terminal. Exit codes: 0 written, 1 refused (a holdout that tells its labels, or
    too little power), 2 bad input, 4 the tool failed.
    """
    refuse_blank(
        {"--target": target, "--positive": positive, "--key": key, "--time": time, "--entity": entity}
        | {"--cluster": cluster, "--horizon": horizon, "--embargo": embargo, "--known": known, "--title": title}
        | {"--objective": objective}
    )
    if not data.exists():
        raise BadInput("the table is not there", where=str(data), mend="check the path")
    target = _asked(target, "--target", "Which column is to be predicted?")
    chosen = scale or _scale(_asked(None, "--scale", f"A lift on which scale ({', '.join(LiftScale)})?"))
    objective = _asked(objective, "--objective", "What is asked for, in a sentence?")
    time = time or _optional("When did a row happen: which column? (empty for none)")
    entity = entity or _optional("Whom or what is a row about: which column? (empty for none)")
    from heldout.app.eval_asked import EvalAsked  # keeps the start of other commands fast
    from heldout.app.eval_new import author

    with progress(keep=True) as say:
        authored = author(
            EvalAsked(
                data=data,
                target=target,
                positive=positive,
                scale=chosen,
                objective=objective,
                title=title,
                key=key,
                time=time,
                entity=entity,
                cluster=cluster,
                horizon=horizon,
                embargo=embargo,
                known=_names(known or []),
                metric=metric,
                baseline=baseline,
                minimum=minimum,
                target_lift=target_lift,
                hours=hours,
                kind=kind.value,
                level=level.value,
                feedback=feedback,
                final=final,
                seed=seed,
                null_texts=na or (),
            ),
            out,
            progress=say,
        )
    if as_json:
        typer.echo(json.dumps(_plain(authored), indent=2, allow_nan=False))
    else:
        _print(authored, out)
    raise typer.Exit(ExitCode.PROBLEM if authored.refused else ExitCode.CLEAR)


def _asked(given: str | None, option: str, question: str) -> str:
    """Return what was given, or ask for it on a terminal; raises BadInput where nobody can be asked."""
    if given is not None:
        return given
    if sys.stdin.isatty():
        return str(typer.prompt(question, err=True))
    raise BadInput(
        f"{option} is not given", expected=question, mend=f"give it with {option}; on a terminal it is asked for"
    )


def _optional(question: str) -> str | None:
    """Ask for a column on a terminal, nothing being an answer too."""
    if not sys.stdin.isatty():
        return None
    return str(typer.prompt(question, default="", show_default=False, err=True)) or None


def _scale(text: str) -> LiftScale:
    if text not in list(LiftScale):
        raise BadInput(f"there is no scale {text!r}", where="--scale", expected=", ".join(LiftScale), mend="choose one")
    return LiftScale(text)


def _names(given: list[str]) -> tuple[str, ...]:
    """Return columns, those of a file one a line where it is given as @FILE."""
    names: list[str] = []
    for text in given:
        if not text.startswith("@"):
            names.append(text)
            continue
        path = Path(text[1:])
        try:
            content = path.read_bytes()[: LARGEST_LIST + 1]
            lines = content.decode("utf-8-sig").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            why = error.strerror if isinstance(error, OSError) else "it is no text in UTF-8"
            raise BadInput(
                f"the columns of --known cannot be read: {why}",
                where=str(path),
                expected="a text file with a column's name on each line",
                mend="check the path",
            ) from None
        names += [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    return tuple(names)


def _plain(authored: "Authored") -> dict[str, Any]:
    told = asdict(authored)
    told["folder"] = None if authored.folder is None else str(authored.folder)
    if authored.outlook is not None:
        for plain, chances in zip(told["outlook"]["chances"], authored.outlook.chances, strict=True):
            plain["bands"] = {band.value: chance for band, chance in chances.bands.items()}
            plain["power"] = chances.power
    return {"schema": "heldout.eval_new.v1", **told}


def _print(authored: "Authored", out: Path) -> None:
    rows = ", ".join(f"{count:,} {name}" for name, count in authored.rows.items())
    print_line(f"rows: {rows}")
    for warning in authored.warnings:
        print_line(f"note: {warning}")
    for finding in authored.findings:
        said = "refused" if finding.refuses else "note"
        print_line(f"{said}: {finding.part}: {finding.claim} [{finding.code}]")
        print_line(f"  mend: {finding.mend}")
    if authored.outlook is not None:
        _print_outlook(authored.outlook)
    if authored.refused:
        what = "a holdout that tells its labels" if authored.refused == "holdout" else "too little power"
        print_line(f"not written: {what}")
        return
    print_line(f"commitment: {authored.commitment}")
    print_line(f"written: {out}: brief.toml, data, baseline, commitment.json and kit; private: answers, opening.json")
    print_line(f"next: read {out / 'brief.toml'}, and change nothing in {out} once it is opened")


def _print_outlook(told: "Outlook") -> None:
    from rich.table import Table

    if told.chances:
        table = Table(title="The chance of each band", title_justify="left")
        for name in ("true lift", *(band.value for band in Band)):
            table.add_column(name, justify="left" if name == "true lift" else "right")
        for name in ("standard error", "rows", "clusters", "made of"):
            table.add_column(name, justify="left" if name == "made of" else "right")
        for chances in told.chances:
            error = "undefined" if chances.standard_error is None else f"{chances.standard_error:.3g}"
            bands = (f"{chances.bands[band]:.2f}" for band in Band)
            label = f"{chances.true_lift:g} ({chances.name})"
            table.add_row(label, *bands, error, f"{chances.rows:,}", f"{chances.clusters:,}", chances.made)
        console().print(table)
    for note in told.notes:
        print_line(f"note: {note}")
    if told.refused:
        print_line(f"refused: {told.refused}")
        for mend in told.mends:
            print_line(f"  mend: {mend}")
