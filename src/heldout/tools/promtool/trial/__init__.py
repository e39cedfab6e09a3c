"""Exercises a repository's alert rules: hidden scenarios, its own tests, and mutants of the rules."""

from heldout.tools.promtool.trial.conduct import alert_trial

__all__ = ["alert_trial"]
