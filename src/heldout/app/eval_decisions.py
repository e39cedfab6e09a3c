"""What a committee decided on the work of each candidate, where there was one."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from heldout.core.errors import BadInput
from heldout.core.lift import Band
from heldout.evals.record.workspace import Workspace

__all__ = ["DECISIONS", "DecidedWork", "decisions_of"]

DECISIONS = Path("committee") / "decisions.json"
"""Below the eval's folder: {"candidates": {NAME: {"band": BAND or null, "levels": {AXIS: LEVEL}}}}."""

MOST_BYTES = 20_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidedWork:
    """The decided band, None where the machine's stands, and the decided level by axis. No rater is named."""

    band: Band | None = None
    levels: Mapping[str, str] = field(default_factory=dict)


def decisions_of(workspace: Workspace) -> dict[str, DecidedWork]:
    """Return what was decided, by the candidate's name; empty without a committee. Raises BadInput for another file."""
    path = workspace.folder / DECISIONS
    if not path.is_file():
        return {}
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ValueError("it is too large")
        plain: Mapping[str, Any] = json.loads(path.read_bytes())["candidates"]
        return {name: _one(said) for name, said in plain.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise BadInput(
            f"the committee's decisions cannot be read: {str(error).splitlines()[0] if str(error) else 'no decisions'}",
            where=str(path),
            expected="what heldout eval decide wrote",
            mend="decide again, or restore the file",
        ) from None


def _one(said: Mapping[str, Any]) -> DecidedWork:
    band = said.get("band")
    levels = said.get("levels") or {}
    return DecidedWork(
        band=None if band is None else Band(band),
        levels={str(name): str(level) for name, level in levels.items() if level is not None},
    )
