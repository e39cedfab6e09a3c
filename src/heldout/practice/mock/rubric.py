"""How levels weigh the same points, and what each level has to show."""

from collections.abc import Mapping

from heldout.practice.mock.aim import Dimension, Level, Stage

__all__ = ["DIMENSION_WEIGHTS", "GATES", "HELPED", "PASSING", "RUBRIC", "STAGE_WEIGHTS", "WRONG"]

RUBRIC = 1
"""Raised whenever the same transcript would get another score: other weights, gates, or rules of reading an answer."""

STAGE_WEIGHTS: Mapping[Level, Mapping[Stage, int]] = {
    level: dict(zip(Stage, weights, strict=True))
    for level, weights in {
        Level.JUNIOR: (6, 2, 2, 0, 0),
        Level.MID: (4, 2, 2, 1, 0),
        Level.SENIOR: (2, 3, 3, 1, 1),
        Level.STAFF: (1, 2, 2, 3, 2),
    }.items()
}
"""What a point is worth by its stage: finds, quantifies, fixes, prioritises, leaves."""

DIMENSION_WEIGHTS: Mapping[Level, Mapping[Dimension, int]] = {
    level: dict(zip(Dimension, weights, strict=True))
    for level, weights in {
        Level.JUNIOR: (1, 2, 3, 2, 1),
        Level.MID: (2, 3, 3, 2, 2),
        Level.SENIOR: (3, 4, 3, 3, 3),
        Level.STAFF: (4, 4, 2, 2, 4),
    }.items()
}
"""What a dimension is worth in the whole: framing, judgement, technical, testing, communication."""

HELPED: Mapping[Level, float] = {Level.JUNIOR: 1.0, Level.MID: 0.5, Level.SENIOR: 0.25, Level.STAFF: 0.0}
"""What a point earns that was made after a probe or a nudge."""

WRONG = -0.5
"""What the opposite of a point earns: less than silence."""

PASSING = 2 / 3
"""The share of the points of a gate that has to be made."""

GATES: Mapping[Level, tuple[frozenset[Stage], bool]] = {
    Level.JUNIOR: (frozenset({Stage.FINDS}), True),
    Level.MID: (frozenset({Stage.FINDS}), False),
    Level.SENIOR: (frozenset({Stage.QUANTIFIES, Stage.FIXES}), False),
    Level.STAFF: (frozenset({Stage.PRIORITISES, Stage.LEAVES}), False),
}
"""What a level has to show beyond the one before: points of these stages, and whether help is allowed."""
