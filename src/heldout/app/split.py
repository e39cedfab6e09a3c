"""The use case of `heldout split`: a table in; its parts, their manifest and what to say of them out."""

import hashlib
import importlib.metadata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from heldout.app.audited import Progress
from heldout.app.split_files import made_already, write_folder
from heldout.app.split_look import Looked, look
from heldout.app.split_parts import PlacedPart, dropped_of, folds_of, part_of, parts_of, refuse_parts
from heldout.app.split_rule import Chosen, chosen_rule, gap_of, refuse_bad_request, refuse_rare_classes, share
from heldout.app.split_speech import key_of, resolution_of, speech_of
from heldout.core.errors import BadInput
from heldout.core.profile import LabelKind
from heldout.core.split_manifest import SplitInput, SplitManifest, SplitRequest, SplitRule
from heldout.report.json import to_json
from heldout.splits import Placed, place
from heldout.tables import Source
from heldout.tables.manifest import MANIFEST, sha256_of
from heldout.tables.split_parts import PartRows, is_delimited, write_parts
from heldout.tables.to_split import SplitSource

__all__ = ["Split", "split"]

KINDS = {None: None, "classification": LabelKind.MULTICLASS, "regression": LabelKind.REGRESSION}
DEFAULT_TEST = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """A split: its manifest, the row numbers of each part by the part's name, and the folder where it was written.

    `folds` has the fold of each row of the table from 1, 0 for rows in none, where folds were asked for that a column
    can tell; the folds of a forward chain are parts of their own. `was_there` tells that the folder held it already.
    """

    manifest: SplitManifest
    rows: Mapping[str, NDArray[np.int64]]
    folds: NDArray[np.int64] | None
    folder: Path | None
    was_there: bool


def split(
    data: Source,
    *,
    target: str,
    time: str | None = None,
    entity: str | None = None,
    entity_part: Literal["whole", "beginning"] = "whole",
    entity_rule: Literal["fewest", "new", "purge", "deal"] = "fewest",
    horizon: str | None = None,
    embargo: str | None = None,
    test: str | float | None = None,
    folds: int | None = None,
    seed: int = 0,
    copies_together: bool = True,
    at_random: bool = False,
    positive: str | None = None,
    task: Literal["classification", "regression"] | None = None,
    out: str | Path | None = None,
    format: Literal["csv", "parquet"] | None = None,  # noqa: A002 - the word of the command
    null_texts: Sequence[str] = (),
    header: bool = True,
    separator: str | None = None,
    progress: Progress | None = None,
) -> Split:
    """Split a table so that a score on its test part measures what it is said to.

    `data` is a path or a frame, `target` a column or a comparison, as for `audit`. `time` splits forward, `horizon`
    ("7d") after a row's time its label is known and `embargo` is a further gap; `entity` keeps each of its values on
    one side, with `entity_part` "beginning" the text without its last part. With both, `entity_rule` says which side
    loses the rows of entities on both: "new" the test part, "purge" the train part, "deal" the side that was not drawn
    for the entity; "fewest" takes what leaves out the fewest rows. Without either the split follows what the table
    shows; `at_random` goes past that. `test` is the share of the test part (20 % by default, none where only `folds`
    are asked for); with both the folds are those of the train part. Equal rows stay on one side, unless
    `copies_together` is false. With `out` the parts and their manifest are written there, all or none, as `format`
    (that of the source by default). The same call on the same rows gives the same split, whatever their order.

    Raises BadInput for anything that cannot be split so, and says what to do.
    """
    say = progress or (lambda _: None)
    asked = SplitRequest(
        target=target,
        positive=positive,
        task=task,
        time=time,
        entity=entity,
        entity_part=entity_part,
        entity_rule=entity_rule,
        horizon=horizon,
        embargo=embargo,
        test=DEFAULT_TEST if test is None and folds is None else None if test is None else share(test),
        folds=folds,
        seed=seed,
        copies_together=copies_together,
        at_random=at_random,
        format=format or ("csv" if is_delimited(data) else "parquet"),
        header=header,
        separator=separator,
        null_texts=tuple(null_texts),
    )
    refuse_bad_request(asked)
    say(f"reading {data if isinstance(data, str | Path) else 'the table'}")
    source = SplitSource.of(data, header=header, separator=separator, null_texts=null_texts)
    parsed = source.target(target)
    label = source.label(parsed, positive=positive, kind=KINDS[task])
    refuse_rare_classes(label, folds, source.shown)
    advice = None
    if not (time and entity):
        say("looking for entities, times and repeated rows")
        advice = source.advice(parsed, positive=positive, kind=KINDS[task])
    chosen = chosen_rule(asked, advice, source)
    say(f"placing {source.rows:,} rows")
    looked = look(source, label, chosen, copies_together=copies_together, where=source.shown)
    rule, placed = _placed(asked, chosen, looked)
    refuse_parts(placed, looked, asked, rule, source.shown)
    parts = parts_of(placed, looked, source)
    say("hashing the table")
    made = _manifest(asked, rule, looked, placed, parts=parts, source=source, found=chosen.found)
    folder = None if out is None else Path(out)
    there = None if folder is None else made_already(folder, made)
    if folder is not None and there is None:
        say(f"writing {folder}")
        made = write_folder(folder, _writer(made, parts, source, asked))
    spread = None if placed.fold is None else np.zeros(source.rows, np.int64)
    if spread is not None and placed.fold is not None:
        spread[looked.at] = placed.fold
    return Split(
        manifest=there or made,
        rows={part.name: looked.at[part.rows] for part in parts},
        folds=spread,
        folder=folder,
        was_there=there is not None,
    )


def _placed(asked: SplitRequest, chosen: Chosen, looked: Looked) -> tuple[SplitRule, Placed]:
    horizon, embargo = gap_of(asked, is_time=looked.is_time) if chosen.time else (0.0, 0.0)
    placed = place(
        looked.to_place,
        chosen.kind,
        test=asked.test,
        folds=asked.folds,
        seed=asked.seed,
        gap=horizon + embargo,
        entity_rule=asked.entity_rule,
    )
    has_cut, times = asked.test is not None, looked.times
    stratified = "tenths" if looked.label.kind is LabelKind.REGRESSION else "classes"
    rule = SplitRule(
        kind=chosen.kind,
        time=chosen.time,
        entity=chosen.entity,
        entity_part=chosen.entity_part,
        entity_rule=placed.entity_rule,
        costs=placed.costs,
        is_time=looked.is_time,
        horizon=horizon,
        embargo=embargo,
        gap=horizon + embargo,
        train_until=_edge(looked, times, placed.train, np.max) if has_cut else None,
        test_from=_edge(looked, times, placed.test, np.min) if has_cut else None,
        stratified_by=stratified if chosen.time is None else "",
        copies_together=asked.copies_together,
        followed=chosen.followed,
    )
    return rule, placed


def _edge(
    looked: Looked, times: NDArray[np.float64] | None, rows: NDArray[np.bool_], of: Callable[..., Any]
) -> str | None:
    return None if times is None or not rows.any() else looked.moment(float(of(times[rows])))


def _manifest(
    asked: SplitRequest,
    rule: SplitRule,
    looked: Looked,
    placed: Placed,
    *,
    parts: Sequence[PlacedPart],
    source: SplitSource,
    found: tuple[str, ...],
) -> SplitManifest:
    """Describe the split; files and their hashes come when they are written."""
    dropped = (*looked.dropped, *dropped_of(placed, rule))
    described = tuple(part_of(part, looked) for part in parts)
    folds = folds_of(placed, looked)
    resolution = None
    if asked.test is not None:
        unit, sizes = looked.clusters(key_of(rule), placed.test)
        classes = np.bincount(looked.label.codes[placed.test], minlength=len(looked.label.classes)).tolist()
        resolution = resolution_of(looked.label.kind, int(placed.test.sum()), classes, unit=unit, sizes=sizes)
    return SplitManifest(
        heldout=importlib.metadata.version("heldout"),
        input=SplitInput(
            name=Path(source.shown).name,
            sha256=_sha256(source),
            rows=source.rows,
            columns=len(source.names),
        ),
        request=asked,
        rule=rule,
        parts=described,
        folds=folds,
        dropped=dropped,
        found=found,
        resolution=resolution,
        speech=speech_of(rule, parts=described, folds=folds, dropped=dropped, resolution=resolution, found=found),
    )


def _sha256(source: SplitSource) -> str:
    if isinstance(source.source, str | Path):
        return sha256_of(Path(source.source))
    sink = pa.BufferOutputStream()
    whole = pa.table(dict(source.table.columns))
    with pa.ipc.new_stream(sink, whole.schema) as stream:
        stream.write_table(whole)
    return hashlib.sha256(sink.getvalue()).hexdigest()


def _writer(
    made: SplitManifest, parts: Sequence[PlacedPart], source: SplitSource, asked: SplitRequest
) -> Callable[[Path], SplitManifest]:
    """Return what fills a folder with the parts and their manifest."""

    def write(folder: Path) -> SplitManifest:
        files = {part.name: f"{part.name}.{asked.format}" for part in parts}
        rows: dict[Path, PartRows] = {}
        for part in parts:
            path = folder / files[part.name]
            path.parent.mkdir(exist_ok=True)
            rows[path] = part.spread(source.rows)
        write_parts(source, rows, header=asked.header, separator=asked.separator)
        written = tuple(
            replace(part, file=files[part.name], sha256=sha256_of(folder / files[part.name])) for part in made.parts
        )
        manifest = replace(made, parts=written)
        (folder / MANIFEST).write_text(to_json(manifest), encoding="utf-8")
        return manifest

    if asked.format not in ("csv", "parquet"):
        raise BadInput(f"there is no format {asked.format!r}", expected="csv or parquet", mend="--format parquet")
    return write
