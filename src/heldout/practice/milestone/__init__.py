"""Milestones: an offline result, a call with a predicted online effect, the planted experiment, the score."""

from heldout.practice.milestone.call import Call, Scored, coverage, plain_scored, score_call, scored_of
from heldout.practice.milestone.milestone import LEVEL, Experiment, Milestone, milestone, reveal

__all__ = [
    "LEVEL",
    "Call",
    "Experiment",
    "Milestone",
    "Scored",
    "coverage",
    "milestone",
    "plain_scored",
    "reveal",
    "score_call",
    "scored_of",
]
