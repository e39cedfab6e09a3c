"""Drills on results that differ."""
