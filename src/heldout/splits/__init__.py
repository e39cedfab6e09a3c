"""Splits that measure what they are said to: arrays in, row numbers out; splitters follow scikit-learn."""

from heldout.splits.deal import deal
from heldout.splits.forward import ENTITY_RULES, Cut, best_cut, blocks, cut_rows
from heldout.splits.place import Kind, Placed, ToPlace, place
from heldout.splits.splitters import CopiesTogether, ForwardGroupSplit, ForwardSplit, GroupSplit
from heldout.splits.units import copies, joined, numbered_values, per_unit, strata_of

__all__ = [
    "ENTITY_RULES",
    "CopiesTogether",
    "Cut",
    "ForwardGroupSplit",
    "ForwardSplit",
    "GroupSplit",
    "Kind",
    "Placed",
    "ToPlace",
    "best_cut",
    "blocks",
    "copies",
    "cut_rows",
    "deal",
    "joined",
    "numbered_values",
    "per_unit",
    "place",
    "strata_of",
]
