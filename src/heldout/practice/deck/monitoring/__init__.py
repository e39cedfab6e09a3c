"""Drills on alerts and thresholds."""
