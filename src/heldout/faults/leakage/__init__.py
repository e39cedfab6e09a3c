"""Leaks: columns and rows that know the label, rows that look ahead, tests that were used, runs that know too much."""

from heldout.faults.leakage.joined import PLANTERS

__all__ = ["PLANTERS"]
