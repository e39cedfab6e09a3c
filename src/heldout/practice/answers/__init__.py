"""Typed explanations, read by rules: which points an answer covers, contradicts, leaves unclear or misses."""

from heldout.practice.answers.read import Explanation, Heard, Standing, read

__all__ = ["Explanation", "Heard", "Standing", "read"]
