"""What became of a reply to a card: a line corrected, with both versions, or a refusal with its reason."""

from dataclasses import dataclass

from heldout.core.finding import Certainty, Ending

__all__ = ["ALLOWED", "Correction", "LineVersion"]

ALLOWED = (Ending.CAUTION, Ending.CLEAR, Ending.NOT_APPLICABLE)
"""What a person may make of a finding after a reply: never a problem, so that a reply cannot cost its author."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineVersion:
    """A line of a card as it stood, or stands: how the finding ended, how sure it was, and what it claims."""

    ending: Ending
    certainty: Certainty | None
    claim: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A reply that was decided.

    `reply` is its number (the first is 1), `line` what the candidate named and `said` what they wrote. `by` decided,
    and says `why`. Of an accepted one `code` names the finding and `place` which of those of that code (the first is
    1), with the line `before` and `after`. `holds` is False where it was made of an earlier card and the submission was
    graded anew since: then nothing of it is applied.
    """

    reply: int
    line: str
    said: str
    accepted: bool
    why: str
    by: str
    code: str = ""
    place: int = 1
    before: LineVersion | None = None
    after: LineVersion | None = None
    holds: bool = True
