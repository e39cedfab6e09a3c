"""A rescue: which planted leaks a submission names and mends, by two processes of which neither sees both sides."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from heldout.core.errors import CandidateFailure, RunFailure
from heldout.core.rescue_evidence import Rescue
from heldout.evals.grading.journal import Journal, sha256_of
from heldout.evals.grading.program import Program
from heldout.evals.grading.rescue_facts import Facts
from heldout.sandbox import Limits, call

__all__ = ["Rescued", "rescue_of", "try_rescue"]

READER, JUDGE = "heldout.evals.grading.rescue_reader", "heldout.evals.grading.rescue_judge"
LIMITS = Limits(wall_seconds=300, cpu_seconds=120, memory_mb=2048)
RESCUE: TypeAdapter[Rescue] = TypeAdapter(Rescue)
NOTHING = Facts(functions=(), texts=(), features=(), unread=(), leaks=(), is_followed=False, lines={})


@dataclass(frozen=True, slots=True, kw_only=True)
class Rescued:
    """The counts for the card, and what was told of each leak and row: for the organiser, since it names the key."""

    rescue: Rescue
    told: Mapping[str, Any]


def rescue_of(tree: Path, commit: str, planted: Path) -> Rescued:
    """Return what became of the leaks in `planted` in the files below `tree`.

    Where these cannot be read within limits nothing is named, and nothing is known. Raises BadInput where the list of
    leaks is damaged.
    """
    try:
        said = call(READER, {"tree": str(tree), "commit": commit}, limits=LIMITS, blame=CandidateFailure)
    except CandidateFailure as failure:
        said = {"rows": None, "facts": asdict(NOTHING), "gave_up": f"the files were given up: {failure}"}
    return _read(call(JUDGE, {"planted": str(planted.absolute()), **said}, limits=LIMITS))


def try_rescue(journal: Journal, program: Program, planted: Path | None) -> Rescued | None:
    """Return what became of the planted leaks, from the journal where it was judged before; None without a list."""
    if planted is None or not planted.is_file():
        return None

    def work(_folder: Path) -> dict[str, Any]:
        rescued = rescue_of(program.tree, program.commit, planted)
        return {"rescue": asdict(rescued.rescue), "told": dict(rescued.told)}

    inputs = {"tree": program.digest, "planted": sha256_of(planted), "version": version("heldout")}
    try:
        return _read(journal.step("rescue", inputs, work).result)
    except RunFailure as failure:
        journal.note("rescue withheld", reason=str(failure))
        return None


def _read(said: Mapping[str, Any]) -> Rescued:
    return Rescued(rescue=RESCUE.validate_python(said["rescue"]), told=said["told"])
