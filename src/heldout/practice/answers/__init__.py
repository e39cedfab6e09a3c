"""Typed explanations, read by rules: which points an answer covers, contradicts, leaves unclear or misses."""

from heldout.practice.answers.read import Explanation, Heard, Standing, read
from heldout.practice.answers.scoring import Score, score

__all__ = ["Explanation", "Heard", "Score", "Standing", "read", "score"]
