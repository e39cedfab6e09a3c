"""Sample files of EleutherAI's lm-evaluation-harness: `samples_<task>_<date>.jsonl`, one line per document and filter.

A line has doc_id, doc, target, arguments, resps, filtered_resps, filter, metrics (the names), doc_hash, prompt_hash,
target_hash, and one key per metric.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from heldout.core.errors import BadInput
from heldout.tables.records import Records
from heldout.tables.results.loaded import Loaded

__all__ = ["is_lm_eval", "read_lm_eval"]

FILE = re.compile(r"samples_(?P<task>.+?)_\d{4}-\d\d-\d\dT.*\.jsonl(\.gz)?$")
BOOKS = frozenset(
    {"doc_id", "doc", "target", "arguments", "resps", "filtered_resps", "filter", "metrics", "doc_hash"}
    | {"prompt_hash", "target_hash", "schema_version", "task"}
)


def is_lm_eval(record: Mapping[str, Any]) -> bool:
    """Tell whether a record is a line of such a file."""
    return "doc_id" in record and ("resps" in record or "filtered_resps" in record)


def read_lm_eval(path: Path, records: Iterable[tuple[int, dict[str, Any]]], wanted: Collection[str]) -> Loaded:
    """Read all lines. Raises BadInput for a line of another kind."""
    kept = Records(str(path), wanted, ids=("doc_id", "doc_hash"))
    metrics: dict[str, None] = {}
    for number, record in records:
        if not is_lm_eval(record):
            raise BadInput(
                "the line is none of a sample file: it has no doc_id or no responses",
                where=f"{path}, line {number:,}",
                expected="every line as lm-eval --log_samples writes it",
                mend="give the files of one run unchanged",
            )
        named = record.get("metrics")
        names = named if isinstance(named, list) else [name for name in record if name not in BOOKS]
        for name in names:
            if isinstance(name, str) and isinstance(record.get(name), bool | int | float):
                metrics[name] = None
        kept.add(record)
    found = FILE.search(path.name)
    task = found["task"] if found else ""
    table = kept.table()
    if "doc_hash" not in table.columns:
        note = "there is no doc_hash, so that a doc_id is the same document everywhere is taken on trust"
        table = replace(table, notes=(*table.notes, note))
    return Loaded(
        table=table,
        recognised="an lm-eval sample file" + (f", task {task}" if task else ""),
        task=task,
        system=path.resolve().parent.name if found else "",
        by=("doc_id",),
        scores=tuple(metrics),
        same="doc_hash",
        variant="filter",
    )
