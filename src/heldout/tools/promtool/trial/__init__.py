"""Exercises a repository's alert rules: hidden scenarios, its own tests, and mutants of the rules."""

__all__: list[str] = []
