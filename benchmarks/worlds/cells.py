"""The cells of the clean worlds, how many worlds each is given, and one world of a cell put to the audit."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.worlds.real import real_kinds, real_world
from benchmarks.worlds.synthetic import SPLIT_KINDS, SYNTHETIC, synthetic_world
from benchmarks.worlds.world import CleanWorld, share_for_test
from heldout.app.audit import audit
from heldout.core.errors import BadInput
from heldout.core.finding import Certainty, Ending, Finding

__all__ = ["CELLS", "PLANNED", "Cell", "audited", "clean_world", "jobs"]

PLANNED: Mapping[tuple[int, int], int] = {
    (500, 10): 70,
    (500, 40): 70,
    (500, 400): 70,
    (20_000, 10): 70,
    (20_000, 40): 60,
    (20_000, 400): 20,
    (500_000, 10): 20,
    (500_000, 40): 8,
    (500_000, 400): 2,
}
"""Worlds per cell of so many rows and columns, for each prevalence: 1,170 in all."""


@dataclass(frozen=True, kw_only=True, order=True)
class Cell:
    """Worlds of one size: rows of all tables, columns with the label, share of rows with the label 1."""

    rows: int
    columns: int
    prevalence: float

    @property
    def size(self) -> str:
        """Rows and columns in words; worlds of one size cost about the same."""
        return f"{self.rows:,} × {self.columns}"

    @property
    def name(self) -> str:
        """The cell in words."""
        return f"{self.size} at {self.prevalence:g}"

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of worlds, an invented and a real one in turn."""
        has_test = share_for_test(self.rows, self.prevalence) is not None
        invented = [kind for kind in SYNTHETIC if has_test or kind not in SPLIT_KINDS]
        real = real_kinds(self.rows, self.prevalence)
        turns = len(invented) * len(real)
        pairs = ((invented[i % len(invented)], real[i % len(real)]) for i in range(turns))
        return tuple(kind for pair in pairs for kind in pair)


CELLS = tuple(Cell(rows=r, columns=c, prevalence=p) for r, c in PLANNED for p in (0.5, 0.05, 0.01))


def jobs() -> Iterator[tuple[str, str, tuple[int, int, float, int]]]:
    """Yield name, size and place of each world, so that any first part of them gives each cell its share."""
    placed = [
        ((number + 0.5) / PLANNED[cell.rows, cell.columns], cell, number)
        for cell in CELLS
        for number in range(PLANNED[cell.rows, cell.columns])
    ]
    for _, cell, number in sorted(placed):
        yield f"{cell.name}, number {number}", cell.size, (cell.rows, cell.columns, cell.prevalence, number)


def clean_world(cell: Cell, number: int) -> CleanWorld:
    """Return one world of a cell: the same number gives the same world."""
    rng = np.random.default_rng([cell.rows, cell.columns, round(cell.prevalence * 1000), number])
    begin = 14 * CELLS.index(cell)  # cells of few worlds begin with different kinds; an even step keeps the turns
    kind = cell.kinds[(begin + number) % len(cell.kinds)]
    draw = synthetic_world if kind in SYNTHETIC else real_world
    return draw(rng, cell.rows, cell.columns, cell.prevalence, kind)


def audited(place: tuple[int, int, float, int]) -> dict[str, Any]:
    """Audit one world, and say what was found in it that is not there."""
    rows, columns, prevalence, number = place
    begin = time.process_time()
    cell = Cell(rows=rows, columns=columns, prevalence=prevalence)
    world = clean_world(cell, number)
    drawn = time.process_time()
    is_real = world.kind not in SYNTHETIC
    told: dict[str, Any] = {"cell": cell.name, "kind": world.kind, "is_real": is_real, "auc": round(world.auc, 4)}
    try:
        verdict = audit(world.train, test=world.test, target=world.target, price=False, **world.declared)
        told |= _found(verdict.findings)
    except BadInput as refusal:
        told["refused"] = str(refusal)
    except Exception as error:  # an audit that breaks is told beside its world, and the others go on
        told["raised"] = f"{type(error).__name__}: {error}"
    return told | {"draw_cpu": round(drawn - begin, 2), "audit_cpu": round(time.process_time() - drawn, 2)}


def _found(findings: tuple[Finding, ...]) -> dict[str, Any]:
    return {
        "alarms": [_alarm(finding) for finding in findings if finding.is_problem_at(Certainty.STRONG)],
        "suspects": [_alarm(finding) for finding in findings if finding.certainty is Certainty.SUSPECT],
        "cautions": [_alarm(finding) for finding in findings if finding.ending is Ending.CAUTION],
        "crashed": [f"{f.code}: {f.answer.claim}" for f in findings if f.ending is Ending.CRASHED],
    }


def _alarm(finding: Finding) -> dict[str, Any]:
    columns = [witness.where for witness in finding.answer.witnesses if witness.kind == "column"]
    certainty = str(finding.certainty)
    return {"code": finding.code, "certainty": certainty, "columns": columns, "claim": finding.answer.claim}
