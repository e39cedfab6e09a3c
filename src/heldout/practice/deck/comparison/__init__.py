"""Drills on comparisons and lifts."""
