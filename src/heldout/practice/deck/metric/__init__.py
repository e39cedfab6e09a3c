"""Drills on the choice of a metric."""
