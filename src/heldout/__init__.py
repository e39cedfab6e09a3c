"""Heldout says with evidence how much of a reported number is supported."""
