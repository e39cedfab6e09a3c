"""Grading: re-runs a submission and the baseline in the sandbox, scores both elsewhere, and writes the card."""
