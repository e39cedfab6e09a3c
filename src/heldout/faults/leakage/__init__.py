"""Columns and rows that know the label: copies of it, fields filled in after the outcome, what is not there in time."""

from heldout.faults.leakage.joined import PLANTERS

__all__ = ["PLANTERS"]
