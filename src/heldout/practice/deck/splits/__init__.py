"""Drills on how rows are split."""
