"""Run reports of SWE-bench's evaluation harness: one JSON file with the ids of resolved and other instances."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from heldout.core.errors import BadInput
from heldout.tables.names import counted
from heldout.tables.records import Records
from heldout.tables.results.loaded import Loaded

__all__ = ["is_swe_bench", "read_swe_bench"]

OTHERS = ("unresolved_ids", "empty_patch_ids", "error_ids", "submitted_ids")


def is_swe_bench(document: Any) -> bool:
    """Tell whether a JSON document is such a report."""
    return isinstance(document, Mapping) and isinstance(document.get("resolved_ids"), list)


def read_swe_bench(path: Path, report: Mapping[str, Any]) -> Loaded:
    """Return one row per submitted instance: resolved or not, and its repository.

    Raises BadInput for a report that contradicts itself.
    """
    resolved = _ids(path, report, "resolved_ids")
    others = [instance for name in OTHERS for instance in _ids(path, report, name)]
    both = set(resolved) & set(_ids(path, report, "unresolved_ids"))
    if both:
        raise BadInput(
            f"{counted(len(both), 'instance is', 'instances are')} both resolved and unresolved: {min(both)!r}",
            where=str(path),
            expected="each instance under one of resolved_ids and unresolved_ids",
            mend="give the report of one run",
        )
    kept = Records(str(path), ("instance_id",))
    is_resolved = frozenset(resolved)
    for instance in dict.fromkeys([*resolved, *others]):
        repository = instance.rpartition("-")[0].replace("__", "/")
        kept.add({"instance_id": instance, "resolved": instance in is_resolved, "repo": repository})
    incomplete = len(_ids(path, report, "incomplete_ids"))
    notes = [f"instances that were not submitted: {incomplete:,}"] if incomplete else []
    return Loaded(
        table=kept.table(notes),
        recognised="a SWE-bench run report",
        system=path.name.split(".")[0],
        by=("instance_id",),
        scores=("resolved",),
        higher_is_better={"resolved": True},
    )


def _ids(path: Path, report: Mapping[str, Any], name: str) -> list[str]:
    ids = report.get(name, [])
    if not isinstance(ids, list) or not all(isinstance(one, str) for one in ids):
        raise BadInput(f"{name} is no list of ids", where=str(path), expected="texts such as 'astropy__astropy-7336'")
    return ids
