"""What a level and a kind set where the organiser says nothing: weights, window, cadence, lift, words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

__all__ = ["ANCHORS", "KINDS", "LEVELS", "Kind", "KindPreset", "Level", "LevelPreset"]

Level = Literal["junior", "mid", "senior", "staff"]
Kind = Literal["lift", "drift", "rescue"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelPreset:
    """Weights of the axes, window and cadence in hours, and the lift that is asked for, on the brief's scale."""

    architecture: float
    reproducibility: float
    monitoring: float
    hours: float
    cadence: float
    minimum: float
    target: float


LEVELS: Mapping[Level, LevelPreset] = {
    "junior": LevelPreset(
        architecture=0.3, reproducibility=0.5, monitoring=0.2, hours=72, cadence=8, minimum=0.02, target=0.04
    ),
    "mid": LevelPreset(
        architecture=0.4, reproducibility=0.3, monitoring=0.3, hours=48, cadence=10, minimum=0.02, target=0.05
    ),
    "senior": LevelPreset(
        architecture=0.4, reproducibility=0.25, monitoring=0.35, hours=48, cadence=12, minimum=0.02, target=0.05
    ),
    "staff": LevelPreset(
        architecture=0.35, reproducibility=0.25, monitoring=0.4, hours=48, cadence=12, minimum=0.03, target=0.05
    ),
}
"""A rerun that works comes first for a junior; what happens after the handover weighs more with each level."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KindPreset:
    """What a kind of eval asks for, in words, and by how much it changes the window."""

    code: str
    documentation: str
    monitoring: str
    hours: float


KINDS: Mapping[Kind, KindPreset] = {
    "lift": KindPreset(
        code="A git repository whose train and predict commands run from its own lock file.",
        documentation="How to train, how to predict, what was assumed, what was tried and what it cost.",
        monitoring="Alert rules for drift, latency and CPU, with promtool tests that show that they fire.",
        hours=1.0,
    ),
    "drift": KindPreset(
        code="A git repository whose train and predict commands run from its own lock file, and a daily drift "
        "detector as the section drift of this brief describes it.",
        documentation="How to train, predict and detect; what the detector compares, how its threshold was chosen, "
        "what it cannot see.",
        monitoring="Alert rules on what the detector says, with promtool tests that show that they fire, and that they "
        "are silent on clean days.",
        hours=1.0,
    ),
    "rescue": KindPreset(
        code="The project of the kit, mended: its evaluation is one that a decision can rest on, its train and predict "
        "commands run.",
        documentation="FINDINGS.md: each fault that was found, with file and line, how it was told, what it was worth "
        "in the metric, and how it was mended.",
        monitoring="Alert rules for what would show such a fault in production, with promtool tests.",
        hours=0.5,
    ),
}

ANCHORS: Mapping[str, Mapping[Level, str]] = {
    "architecture": {
        "junior": "It runs from a clean checkout; functions have one job and names that say it.",
        "mid": "Train and predict share one path for features; the parts can be tested alone, and some are.",
        "senior": "The design follows from the constraints, which are stated; a second engineer could add a source or "
        "a model without touching the rest.",
        "staff": "What was left out is as well argued as what is there; interfaces would survive the next three "
        "questions that this data will be asked.",
    },
    "reproducibility": {
        "junior": "Versions are locked, seeds are set, and the README's commands give the reported number.",
        "mid": "A rerun falls into the class that the brief asks for; data version and runs are in EXPERIMENTS.md.",
        "senior": "Sources of variation are known and measured; the reported interval holds the rerun.",
        "staff": "Somebody else can repeat each decision, not only the last number, and is told what would change it.",
    },
    "monitoring": {
        "junior": "Rules for drift, latency and CPU exist and promtool accepts them.",
        "mid": "Tests show that each rule fires when it should and is silent when it should be.",
        "senior": "Thresholds follow from a stated cost of false alarms; each alert names what to do.",
        "staff": "What cannot be watched is said; alerts are tied to the decision that they would change, and a "
        "rollback is described.",
    },
    "collaboration": {
        "junior": "Updates come in time and say what was done, what is next and what stands in the way.",
        "mid": "Questions come before work that depends on them; feedback has a visible consequence.",
        "senior": "Scope is negotiated with trade-offs before time runs out; assumptions are written down.",
        "staff": "The organiser is told what they did not ask and need to know, early and briefly.",
    },
}
"""Each level includes those before it."""
