"""Splits that let the test rows meet the train rows, or that make them other rows than the score is about."""

from heldout.faults.split.planted import PLANTERS

__all__ = ["PLANTERS"]
