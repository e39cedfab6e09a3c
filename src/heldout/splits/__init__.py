"""Splits that measure what they are said to: arrays in, row numbers out; splitters follow scikit-learn."""

from heldout.splits.deal import deal
from heldout.splits.forward import ENTITY_RULES, Cut, blocks, chain_of, cut_at_share, cut_rows
from heldout.splits.place import FEWEST, Kind, Placed, ToPlace, place
from heldout.splits.splitters import CopiesTogether, ForwardGroupSplit, ForwardSplit, GroupSplit
from heldout.splits.units import copies, joined, numbered_values, per_unit, strata_of

__all__ = [
    "ENTITY_RULES",
    "FEWEST",
    "CopiesTogether",
    "Cut",
    "ForwardGroupSplit",
    "ForwardSplit",
    "GroupSplit",
    "Kind",
    "Placed",
    "ToPlace",
    "blocks",
    "chain_of",
    "copies",
    "cut_at_share",
    "cut_rows",
    "deal",
    "joined",
    "numbered_values",
    "per_unit",
    "place",
    "strata_of",
]
