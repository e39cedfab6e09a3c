"""Drills on serving and rollback."""
