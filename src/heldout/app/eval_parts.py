"""Cuts the table of a new eval into train, feedback and final rows, by the very code of `heldout split`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from heldout.app.eval_asked import EvalAsked
from heldout.app.split import Split, split
from heldout.core.errors import BadInput
from heldout.core.split_manifest import SplitManifest
from heldout.evals.authoring.tables import Parts, check_key, plain_table, with_key
from heldout.report.json import to_json
from heldout.stats import METRICS
from heldout.tables import Table, read_table, row_ids
from heldout.tables.order import days_of

__all__ = ["Cut", "cut"]

FEWEST_DAYS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """The parts with their keys, and by which columns rows were placed.

    `numbering` are columns that only number the rows; `dropped` counts rows in no part by the reason; `manifests` are
    those of the splits, by file name, and `warnings` what the organiser should know.
    """

    parts: Parts
    time: str | None
    entity: str | None
    cluster: str | None
    is_classification: bool
    numbering: tuple[str, ...]
    dropped: Mapping[str, str]
    manifests: Mapping[str, str]
    warnings: list[str] = field(default_factory=list)


def cut(asked: EvalAsked, scratch: Path, *, seed: int) -> Cut:
    """Split off the final rows, then the feedback rows of what is left; give keys and clusters where there are none.

    Raises BadInput as `heldout split` does, and for a column that is not there or cannot be a key.
    """
    split_seed = seed % 2**31
    first = _split(asked.data, asked, scratch / "final", share=asked.final, seed=split_seed)
    rule = first.manifest.rule
    if rule.entity is not None and rule.entity_part != "whole":
        raise BadInput(
            f"{rule.entity} looks like a key whose beginning names an entity",
            where=str(asked.data),
            expected="a column whose whole value names the entity, so that intervals can be clustered by it",
            mend="add such a column to the table, and name it with --entity",
        )
    warnings = [f"The rows were placed by what the table shows: {rule.followed}."] if rule.followed else []
    manifests = {"split-final.json": to_json(first.manifest)}
    dropped = _dropped(first.manifest)
    files = {"train": scratch / "final" / "train.parquet", "final": scratch / "final" / "test.parquet"}
    if asked.feedback:
        share = asked.feedback / (1 - asked.final)
        second = _split(files["train"], asked, scratch / "feedback", share=share, seed=split_seed, like=first.manifest)
        manifests["split-feedback.json"] = to_json(second.manifest)
        dropped = _dropped(second.manifest, dropped)
        files["train"] = scratch / "feedback" / "train.parquet"
        files["feedback"] = scratch / "feedback" / "test.parquet"
    order = [name for name in ("train", "feedback", "final") if name in files]
    tables = [plain_table(pq.read_table(files[name])) for name in order]
    ends = np.cumsum([table.num_rows for table in tables])
    whole = pa.concat_tables(tables)
    whole, key = _with_key(asked, whole, seed)
    rows = read_table(whole)
    whole, cluster = _with_cluster(asked, whole, rows, time=rule.time, entity=rule.entity, warnings=warnings)
    starts = [0, *ends[:-1]]
    return Cut(
        parts=Parts(
            tables={
                name: whole.slice(start, end - start) for name, start, end in zip(order, starts, ends, strict=True)
            },
            key=key,
        ),
        time=rule.time,
        entity=rule.entity,
        cluster=cluster,
        is_classification=bool(first.manifest.parts[0].classes),
        numbering=tuple(name for name in row_ids(rows) if name != key),
        dropped=dropped,
        manifests=manifests,
        warnings=warnings,
    )


def _split(
    data: Path, asked: EvalAsked, out: Path, *, share: float, seed: int, like: SplitManifest | None = None
) -> Split:
    """Split by what was declared; the second time by what the first one followed."""
    task: Literal["classification", "regression"] | None = None
    if asked.metric is not None:
        task = "classification" if METRICS[asked.metric].task == "binary" else "regression"
    rule = like.rule if like else None
    time, entity = (rule.time, rule.entity) if rule else (asked.time, asked.entity)
    return split(
        str(data),
        target=asked.target,
        time=time,
        entity=entity,
        entity_rule=rule.entity_rule if rule and rule.entity_rule else "fewest",  # type: ignore[arg-type]  # a rule's own word
        horizon=asked.horizon if time else None,
        embargo=asked.embargo if time else None,
        test=share,
        seed=seed,
        at_random=bool(rule and not (time or entity)),
        task=task,
        out=out,
        format="parquet",
        null_texts=asked.null_texts if like is None else (),
    )


def _dropped(manifest: SplitManifest, before: Mapping[str, str] | None = None) -> dict[str, str]:
    said = dict(before or {})
    for drop in manifest.dropped:
        said.setdefault(drop.reason, f"{drop.rows:,} rows: {drop.why}")
    return said


def _with_key(asked: EvalAsked, whole: pa.Table, seed: int) -> tuple[pa.Table, str]:
    if asked.key is None:
        return with_key(whole, np.random.default_rng([seed, 0]))
    _refuse_missing(whole, asked.key, "--key", asked.data)
    check_key(whole, asked.key, str(asked.data))
    return whole, asked.key


def _with_cluster(
    asked: EvalAsked, whole: pa.Table, rows: Table, *, time: str | None, entity: str | None, warnings: list[str]
) -> tuple[pa.Table, str | None]:
    """Return the column by which intervals are clustered: the one named, the entity, or the day of the time."""
    for option, name in (("--cluster", asked.cluster), ("--entity", entity)):
        if name:
            _refuse_missing(whole, name, option, asked.data)
            return whole, name
    if time is None:
        warnings.append(
            "No time, entity or cluster is known: rows are taken to be independent. If they are not, every interval "
            "is too narrow; name --cluster."
        )
        return whole, None
    days = days_of(rows, time)
    count = len(np.unique(days))
    if count >= FEWEST_DAYS and count == pc.count_distinct(whole.column(time)).as_py():
        return whole, time
    name = f"{time}_day"
    while name in whole.column_names:
        name += "_"
    warnings.append(f"Intervals are clustered by the day of {time}, which stands in the tables as {name}.")
    return whole.append_column(name, pa.array(days)), name


def _refuse_missing(table: pa.Table, name: str, option: str, data: Path) -> None:
    if name not in table.column_names:
        raise BadInput(
            f"there is no column {name!r}",
            where=f"{data}, {option}",
            expected=f"one of {', '.join(table.column_names[:30])}",
            mend="write the name as it stands in the table",
        )
