"""Drills on honest complexity."""
