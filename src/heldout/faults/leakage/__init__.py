"""Leaks: columns that know the label, rows that look ahead, tests that were used, runs that know too much."""

from collections.abc import Mapping

from heldout.faults.leakage import columns, runs, time
from heldout.faults.planter import Planter

PLANTERS: Mapping[str, tuple[Planter, ...]] = {**columns.PLANTERS, **time.PLANTERS, **runs.PLANTERS}
