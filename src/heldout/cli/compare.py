"""`heldout compare`: options to the use case, the comparison to terminal, JSON or files, and its exit code."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from heldout.cli.console import console, print_line
from heldout.cli.progress import progress
from heldout.core.comparison import Require
from heldout.core.errors import BadInput

if TYPE_CHECKING:
    from heldout.core.comparison import Comparison

__all__ = ["compare"]


def compare(
    results: Annotated[
        list[Path],
        typer.Argument(
            metavar="A B [C ...]",
            help="Per-item results of each system, A is the reference: CSV, Parquet, JSON Lines, lm-eval samples, "
            "Inspect logs, SWE-bench reports.",
        ),
    ],
    *,
    by: Annotated[list[str] | None, typer.Option(help="The column of the item's id. Several make one id.")] = None,
    score: Annotated[str | None, typer.Option(help="The column of the score: 1 or 0, or any number.")] = None,
    better: Annotated[
        bool | None,
        typer.Option("--higher-is-better/--lower-is-better", help="The direction, where the score's name tells none."),
    ] = None,
    cluster: Annotated[
        str | None, typer.Option(help="The column of what ties items together: a document, a user, a day.")
    ] = None,
    repeat: Annotated[
        str | None, typer.Option(help="The column that tells an item's runs apart: an epoch, a seed.")
    ] = None,
    metric: Annotated[
        str | None, typer.Option(help="Score predictions by it, with --label: roc_auc, log_loss, ...")
    ] = None,
    label: Annotated[str | None, typer.Option(help="The column of the true label, for --metric.")] = None,
    slices: Annotated[
        list[str] | None, typer.Option("--slice", help="A column by whose values the difference is told. Repeatable.")
    ] = None,
    margin: Annotated[float | None, typer.Option(help="The smallest difference that matters.")] = None,
    require: Annotated[
        Require | None,
        typer.Option(help="Exit 1 unless every candidate is shown to be this; needs --margin for the second."),
    ] = None,
    allow_missing: Annotated[
        bool, typer.Option("--allow-missing", help="Let --require pass though items are missing on one side.")
    ] = False,
    level: Annotated[float, typer.Option(help="The confidence level of the intervals.")] = 0.95,
    against: Annotated[
        str | None, typer.Option(help="Of several systems, the one that all others are held against.")
    ] = None,
    names: Annotated[str | None, typer.Option(help="Names for the systems, separated by commas.")] = None,
    system: Annotated[
        str | None, typer.Option(help="In one file with several systems, the column that names them.")
    ] = None,
    scores: Annotated[
        str | None, typer.Option(help="In one file with a column per system, these columns, separated by commas.")
    ] = None,
    only_filter: Annotated[
        str | None, typer.Option("--filter", help="Of lm-eval samples, the filter, such as strict-match.")
    ] = None,
    out: Annotated[str | None, typer.Option(help="A folder for report.html, report.md and report.json.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")] = False,
) -> None:
    """Say whether B is really better than A on the same items, by how much, where, and what so many items can show.

    Exit codes: 0 compared, and what --require asks for holds; 1 it does not; 2 bad input; 3 it cannot be decided;
    4 the tool failed.
    """
    folder = None if out is None else _folder(out)
    from heldout.app.compare import compare as use_case  # keeps the start of other commands fast

    wanted: Literal["better", "not-worse"] | None = None if require is None else require.value
    with progress() as say:
        comparison = use_case(
            *map(str, results),
            names=_split(names, "names"),
            by=by or (),
            score=score,
            higher_is_better=better,
            metric=metric,
            label=label,
            cluster=cluster,
            repeat=repeat,
            slices=slices or (),
            system=system,
            scores=_split(scores, "scores"),
            only_filter=only_filter,
            against=against,
            margin=margin,
            level=level,
            require=wanted,
            allow_missing=allow_missing,
            progress=say,
        )
        written = _write(comparison, folder, say) if folder is not None else ()
    _print(comparison, as_json=as_json, written=written)
    raise typer.Exit(comparison.exit_code())


def _folder(out: str) -> Path:
    folder = Path(out)
    if not out or (folder.exists() and not folder.is_dir()):
        what = "--out is a file" if out else "--out is empty"
        raise BadInput(what, where=out, expected="a folder", mend="name another folder")
    return folder


def _split(text: str | None, option: str) -> tuple[str, ...]:
    parts = () if text is None else tuple(part.strip() for part in text.split(","))
    if not all(parts):
        raise BadInput(
            f"--{option} has an empty part: {text!r}",
            expected="names separated by commas",
            mend="leave the option out, or write every name",
        )
    return parts


def _write(comparison: "Comparison", folder: Path, say: Callable[[str], None]) -> tuple[Path, ...]:
    """Write the three reports, all or none of them."""
    from heldout.app.files import replace_texts
    from heldout.report import html, json, markdown  # drawing takes a second to load

    say(f"writing reports to {folder}")
    reports = {
        "report.html": html.comparison_page(comparison),
        "report.md": markdown.comparison_text(comparison),
        "report.json": json.to_json(comparison),
    }
    return replace_texts(folder, reports)


def _print(comparison: "Comparison", *, as_json: bool, written: tuple[Path, ...]) -> None:
    from heldout.report import json, terminal  # as above

    if as_json:
        typer.echo(json.to_json(comparison), nl=False)
        return
    terminal.print_comparison(comparison, console())
    for path in written:
        print_line(f"written: {path}", err=True)
