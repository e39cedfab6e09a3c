"""Drills on human evaluation gone wrong, and its recovery."""
