"""The day of an eval: boxes of time with a running clock, the first five minutes, and words for hard moments."""

from heldout.practice.dayof.boxes import Box, Day, Now, day_of, now_in
from heldout.practice.dayof.lines import Section, sections

__all__ = ["Box", "Day", "Now", "Section", "day_of", "now_in", "sections"]
