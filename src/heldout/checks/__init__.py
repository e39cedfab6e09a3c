"""The checks: one folder per question, one file per check."""
