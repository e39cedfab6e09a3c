"""What a committee decided on the work of each candidate, where there was one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from heldout.core.errors import BadInput
from heldout.core.lift import Band
from heldout.evals.committee.decided_file import read_decisions
from heldout.evals.record.workspace import Workspace

__all__ = ["DecidedWork", "decisions_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidedWork:
    """The band that people's levels or an organiser's word made another, None where the lift's stands, and the levels.

    No rater is named.
    """

    band: Band | None = None
    levels: Mapping[str, str] = field(default_factory=dict)


def decisions_of(workspace: Workspace) -> dict[str, DecidedWork]:
    """Return what was decided, by the candidate's name; none without a committee. Raises BadInput for a bad file."""
    try:
        return {name: _one(said) for name, said in read_decisions(workspace).items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        raise BadInput(
            "the committee's decisions cannot be read",
            where=str(workspace.folder / "committee"),
            expected="the decisions that heldout eval decide wrote",
            mend="decide again: heldout eval decide EVAL",
        ) from None


def _one(said: Mapping[str, Any]) -> DecidedWork:
    band = None if said["band"] == said["lift_band"] else Band(said["band"])
    levels = {str(leaf): str(level) for leaf, level in said["levels"].items() if level is not None}
    return DecidedWork(band=band, levels=levels)
