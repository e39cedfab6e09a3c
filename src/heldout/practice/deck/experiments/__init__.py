"""Drills on online experiments."""
