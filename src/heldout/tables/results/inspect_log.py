"""Logs of Inspect (UK AI Security Institute): `.eval`, a zip of JSON files, and the older log as one JSON file."""

import zipfile
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from heldout.core.errors import BadInput
from heldout.tables.json_text import parsed
from heldout.tables.memory import refuse_above
from heldout.tables.names import counted, shortened
from heldout.tables.records import Records
from heldout.tables.results.loaded import Loaded

__all__ = ["is_inspect_log", "read_eval_log", "read_json_log"]

GRADES = {"C": 1.0, "I": 0.0, "P": 0.5, "N": 0.0}
"""How Inspect turns its grades into numbers: correct, incorrect, partly, no answer."""

TEXT_FACTOR = 8
SHOWN = 8
HEADERS = ("header.json", "_journal/start.json", "start.json")
SUMMARIES = ("summaries.json", "summary.json")


def is_inspect_log(document: Any) -> bool:
    """Tell whether a JSON document is such a log."""
    return isinstance(document, Mapping) and isinstance(document.get("eval"), Mapping) and "samples" in document


def read_json_log(path: Path, document: Mapping[str, Any], wanted: Collection[str]) -> Loaded:
    """Read a log that is one JSON document."""
    return _loaded(path, document, document.get("samples") or (), wanted)


def read_eval_log(path: Path, wanted: Collection[str]) -> Loaded:
    """Read an `.eval` archive. Raises BadInput for one that is damaged, or holds no samples."""
    try:
        with zipfile.ZipFile(path) as archive:
            header = next((name for name in HEADERS if name in archive.NameToInfo), None)
            if header is None:
                raise _not_whole(path, "it holds no header.json")
            return _loaded(path, _member(archive, path, header), _samples(archive, path), wanted)
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise _not_whole(path, str(error)) from error
    except (RuntimeError, NotImplementedError) as error:
        raise BadInput(
            f"the log is packed in a way that cannot be read here: {error}",
            where=str(path),
            expected="a zip archive that is deflated or stored, without a password",
            mend="inspect log convert --to json LOG --output-dir DIR, and give that file",
        ) from error


def _samples(archive: zipfile.ZipFile, path: Path) -> Iterator[Any]:
    for name in SUMMARIES:
        if name in archive.NameToInfo:
            summaries = _member(archive, path, name)
            yield from summaries if isinstance(summaries, list) else ()
            return
    names = [name for name in archive.NameToInfo if name.startswith("samples/") and name.endswith(".json")]
    yield from (_member(archive, path, name) for name in names)


def _member(archive: zipfile.ZipFile, path: Path, name: str) -> Any:
    size = archive.NameToInfo[name].file_size
    where = f"{path}, {name}"
    refuse_above(size * TEXT_FACTOR, where, f"it declares {size:,} bytes of text")
    with archive.open(name) as member:
        return parsed(member.read(size), where)


def _not_whole(path: Path, why: str) -> BadInput:
    return BadInput(
        f"the Inspect log is damaged or incomplete: {why}",
        where=str(path),
        expected="a whole .eval file, as a finished run leaves it",
        mend="copy it again, or let the run finish",
    )


def _loaded(path: Path, header: Any, samples: Iterable[Any], wanted: Collection[str]) -> Loaded:
    spec = header.get("eval") if isinstance(header, Mapping) else None
    spec = spec if isinstance(spec, Mapping) else {}
    kept = Records(str(path), wanted, ids=("id",))
    scorers: dict[str, bool] = {}
    unread: dict[str, dict[str, None]] = {}
    unscored = 0
    for place, sample in enumerate(samples, start=1):
        if not isinstance(sample, Mapping) or "id" not in sample:
            raise BadInput(
                "a sample has no id", where=f"{path}, sample {place:,}", expected="samples as Inspect writes them"
            )
        values = _values(sample.get("scores"), scorers, unread)
        if not values:
            unscored += 1
            continue
        single = {name: value for name, value in sample.items() if name not in ("scores", "input", "target")}
        kept.add({**single, "target": str(sample.get("target"))[:200], **values})
    _refuse_unread(path, scorers, unread, wanted)
    if not kept.rows:
        raise BadInput(
            f"none of {counted(unscored, 'sample', 'samples')} has a score",
            where=str(path),
            expected="samples with a grade (C, I, P, N) or a number",
            mend="score the log first: inspect score LOG",
        )
    notes = []
    if unscored:
        notes = [f"{counted(unscored, 'sample', 'samples')} without a score left out"]
    model, task = spec.get("model"), spec.get("task")
    return Loaded(
        table=kept.table(notes),
        recognised="an Inspect log" + (f", task {task}" if isinstance(task, str) else ""),
        system=model if isinstance(model, str) else "",
        by=("id",),
        scores=tuple(scorers),
        repeat="epoch",
        same="target",
        higher_is_better={name: True for name, is_graded in scorers.items() if is_graded},
    )


def _values(scores: Any, scorers: dict[str, bool], unread: dict[str, dict[str, None]]) -> dict[str, float]:
    """Return a number for each scorer; one that gives several values has a column for each ("scorer.part")."""
    values: dict[str, float] = {}
    for name, score in scores.items() if isinstance(scores, Mapping) else ():
        value = score.get("value") if isinstance(score, Mapping) else None
        parts = {f"{name}.{key}": part for key, part in value.items()} if isinstance(value, Mapping) else {name: value}
        for key, part in parts.items():
            number = _number(part) if isinstance(part, str) else part
            if isinstance(number, bool | int | float):
                values[key] = float(number)
                is_grade = isinstance(part, bool) or (isinstance(part, str) and part in GRADES)
                scorers[key] = scorers.get(key, True) and is_grade
            elif isinstance(part, str) and len(unread.setdefault(key, {})) < SHOWN:
                unread[key][part] = None
    return values


def _number(text: str) -> float | None:
    """Return what a grade or a number in text counts, None for another text."""
    try:
        return GRADES[text] if text in GRADES else float(text)
    except ValueError:
        return None


def _refuse_unread(
    path: Path, scorers: dict[str, bool], unread: Mapping[str, Mapping[str, None]], wanted: Collection[str]
) -> None:
    """Refuse a score with texts that are neither grade nor number; one beside others that are whole is no score."""
    whole = [name for name in scorers if name not in unread]
    for name, texts in unread.items():
        if name in wanted or not whole:
            raise BadInput(
                f"values of {name} are neither grades nor numbers: {shortened(map(repr, texts))}",
                where=str(path),
                expected="C, I, P, N, or a number for every sample",
                mend="score the log with a scorer that grades, or choose another one with --score",
            )
        scorers.pop(name, None)
