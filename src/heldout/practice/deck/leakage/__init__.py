"""Drills on leaks in tables."""
