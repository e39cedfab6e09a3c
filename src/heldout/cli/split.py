"""`heldout split`: options to the use case, the split to a folder, and what to say of it to the terminal or as JSON."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from heldout.cli.console import console, print_line
from heldout.cli.given import refuse_blank, separator_of
from heldout.cli.progress import progress

if TYPE_CHECKING:
    from heldout.app.split import Split

__all__ = ["split"]


class EntityPart(StrEnum):
    """What of an entity's text is the key."""

    WHOLE = "whole"
    BEGINNING = "beginning"


class EntityRule(StrEnum):
    """Which side loses the rows of an entity on both."""

    FEWEST = "fewest"
    NEW = "new"
    PURGE = "purge"
    DEAL = "deal"


class Format(StrEnum):
    """What the parts are written as."""

    PARQUET = "parquet"
    CSV = "csv"


class Task(StrEnum):
    """What the target makes of the question."""

    CLASSIFICATION = "classification"
    REGRESSION = "regression"


def split(
    data: Annotated[Path, typer.Argument(help="The table: CSV (also .gz or .zip) or Parquet.")],
    *,
    target: Annotated[
        str, typer.Option(help="The column to predict, or a comparison: 'arr_delay >= 15', '15 contains \">50K\"'.")
    ],
    time: Annotated[str | None, typer.Option(help="Split forward in time by this column.")] = None,
    entity: Annotated[str | None, typer.Option(help="Keep each value of this column on one side.")] = None,
    entity_part: Annotated[
        EntityPart, typer.Option(help="Take the whole text for the key, or all but its last part: a_1, a_2 are a.")
    ] = EntityPart.WHOLE,
    entity_rule: Annotated[
        EntityRule,
        typer.Option(
            help="With time and entity: test on new entities only, purge train of those in test, deal each to a side,"
            " or what leaves out the fewest rows."
        ),
    ] = EntityRule.FEWEST,
    horizon: Annotated[
        str | None, typer.Option(help="How long after a row's time its label is known: 7d, 12h, 30min.")
    ] = None,
    embargo: Annotated[str | None, typer.Option(help="A further gap between train and test: 1d.")] = None,
    test: Annotated[
        str | None, typer.Option(help="The share of the test part: 20% (the default without --folds), 0.2.")
    ] = None,
    folds: Annotated[
        int | None, typer.Option(help="Folds for a cross-validation: of the train part, or of all rows without --test.")
    ] = None,
    seed: Annotated[int, typer.Option(help="The seed of what is drawn.")] = 0,
    keep_copies_together: Annotated[
        bool,
        typer.Option("--keep-copies-together/--no-keep-copies-together", help="Keep equal rows on one side."),
    ] = True,
    at_random: Annotated[
        bool, typer.Option("--at-random", help="Split at random, whatever times or keys the table shows.")
    ] = False,
    positive: Annotated[str | None, typer.Option(help="The class that counts as 1.")] = None,
    task: Annotated[Task | None, typer.Option(help="What the target is, where its values mislead.")] = None,
    out: Annotated[
        Path | None, typer.Option(help="The folder for the parts and manifest.json; DATA-split by default.")
    ] = None,
    format: Annotated[  # noqa: A002 - the option's name
        Format | None, typer.Option(help="What to write; that of DATA by default.")
    ] = None,
    no_header: Annotated[
        bool, typer.Option("--no-header", help="The first line is data; columns are named 1, 2, and so on.")
    ] = False,
    separator: Annotated[str | None, typer.Option(help="The sign between values, where it is guessed wrong.")] = None,
    na: Annotated[list[str] | None, typer.Option(help="A text that means no value, such as '?'. Repeatable.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the manifest and nothing else.")] = False,
) -> None:
    """Split a table so that a test score measures what it is said to: write its parts, a manifest, and what to say.

    Exit codes: 0 split, 2 bad input or a split that cannot be, 4 the tool failed.
    """
    refuse_blank(
        {
            "--target": target,
            "--positive": positive,
            "--time": time,
            "--entity": entity,
            "--horizon": horizon,
            "--embargo": embargo,
        }
    )
    separator = separator_of(separator)
    from heldout.app import split as use_case  # keeps the start of other commands fast

    with progress() as say:
        made = use_case.split(
            str(data),
            target=target,
            time=time,
            entity=entity,
            entity_part=entity_part.value,
            entity_rule=entity_rule.value,
            horizon=horizon,
            embargo=embargo,
            test=test,
            folds=folds,
            seed=seed,
            copies_together=keep_copies_together,
            at_random=at_random,
            positive=positive,
            task=None if task is None else task.value,
            out=out or Path(f"{data.name.split('.')[0]}-split"),
            format=None if format is None else format.value,
            null_texts=na or (),
            header=not no_header,
            separator=separator,
            progress=say,
        )
    _print(made, as_json=as_json)


def _print(made: "Split", *, as_json: bool) -> None:
    from heldout.report import json, split_text  # as above

    if as_json:
        typer.echo(json.to_json(made.manifest), nl=False)
        return
    split_text.print_split(made.manifest, console())
    folder = made.folder
    assert folder is not None
    files = ", ".join([part.file or "" for part in made.manifest.parts] + ["manifest.json"])
    print_line(f"{'there already' if made.was_there else 'written'}: {folder}: {files}", err=True)
