"""Reads EXPERIMENTS.md: one table, a run in each row, with its data, settings, metric, time and memory."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from heldout.core.repository import shown
from heldout.evals.talk.document import MAX_ENTRIES, Message, Notes, number_of, read_lines
from heldout.evals.talk.table import cells_of, column_names, is_rule

__all__ = ["COLUMNS", "FILE", "Experiments", "LoggedRun", "read_experiments"]

FILE = "EXPERIMENTS.md"
COLUMNS = ("run", "data version", "hyperparameters", "metric", "value", "seconds", "peak mb", "commit", "note")
NEEDED = ("run", "metric", "value")
OTHER_NAMES = {
    "data": "data version",
    "dataset": "data version",
    "params": "hyperparameters",
    "parameters": "hyperparameters",
    "score": "value",
    "runtime": "seconds",
    "time": "seconds",
    "memory": "peak mb",
    "notes": "note",
}
NUMBERS = ("value", "seconds", "peak mb")


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedRun:
    """One metric of one run as its writer logged it; `file` and `line` say where, None is what was not said."""

    run: str
    data_version: str
    hyperparameters: str
    metric: str
    value: float | None
    seconds: float | None
    peak_mb: float | None
    commit: str
    note: str
    file: str
    line: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Experiments:
    """The logged runs in order, and what can be mended."""

    runs: tuple[LoggedRun, ...]
    messages: tuple[Message, ...]


def read_experiments(content: bytes) -> Experiments:
    """Return what the bytes of an EXPERIMENTS.md say; never raises. A row with a defect is kept as far as it goes.

    Every table whose first row names the columns that are needed is read; columns stand in any order.
    """
    notes = Notes(FILE)
    runs: list[LoggedRun] = []
    columns: Sequence[str] | None = None
    has_table = False
    for number, line in enumerate(read_lines(content, notes), start=1):
        cells = cells_of(line)
        if cells is None:
            columns = None
        elif columns is None:
            columns, has_table = _columns(cells, number, notes), True
        elif columns and not is_rule(cells):
            if len(runs) == MAX_ENTRIES:
                notes.add(number, "the rest of the file is not read", expected=f"at most {MAX_ENTRIES:,} runs")
                break
            runs.append(_run(columns, cells, number, notes))
    if content.strip() and not has_table:
        notes.add(None, "there is no table", expected=" | ".join(COLUMNS))
    return Experiments(runs=tuple(runs), messages=notes.all())


def _columns(cells: Sequence[str], number: int, notes: Notes) -> Sequence[str]:
    """Return the names of a table's columns; none where it is another table."""
    names = [OTHER_NAMES.get(name, name) for name in column_names(cells)]
    missing = [name for name in NEEDED if name not in names]
    if missing:
        notes.add(number, f"the table has no column {', '.join(missing)}", expected=" | ".join(COLUMNS))
        return ()
    for name in names:
        if name not in COLUMNS:
            notes.add(number, f"the column {shown(name)!r} is not read", expected=" | ".join(COLUMNS))
    return names


def _run(columns: Sequence[str], cells: Sequence[str], line: int, notes: Notes) -> LoggedRun:
    if len(cells) != len(columns):
        notes.add(line, f"the row has {len(cells)} cells", expected=f"{len(columns)}, as the table's first row")
    said = dict.fromkeys(COLUMNS, "") | dict(zip(columns, cells, strict=False))
    numbers = {name: _number(said, name, line, notes) for name in NUMBERS}
    if not said["metric"] or numbers["value"] is None:
        notes.add(line, "the row states no value of a metric", expected="a metric's name, and a number")
    return LoggedRun(
        run=said["run"],
        data_version=said["data version"],
        hyperparameters=said["hyperparameters"],
        metric=said["metric"].strip("`*"),
        value=numbers["value"],
        seconds=numbers["seconds"],
        peak_mb=numbers["peak mb"],
        commit=said["commit"].strip("`").lower(),
        note=said["note"],
        file=FILE,
        line=line,
    )


def _number(said: Mapping[str, str], name: str, line: int, notes: Notes) -> float | None:
    text = said[name].strip("*` ")
    number = number_of(text.replace(",", "") if name != "value" else text)
    if number is None and text not in ("", "-", "–", "—", "?"):
        notes.add(line, f"{name} is {shown(text)!r}", expected="a number")
    return number
