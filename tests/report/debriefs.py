"""Cards with decided replies, and cards side by side: invented numbers, real shapes."""

import itertools
from collections.abc import Sequence
from dataclasses import replace

from tests.report.worlds import recorded

from heldout.core.card import Card
from heldout.core.correction import Correction, LineVersion
from heldout.core.estimate import Estimate, undefined
from heldout.core.finding import Certainty, Ending
from heldout.core.side_by_side import PairDifference, SideBySide, side_by_side


def amended_card(text: str = "") -> Card:
    """Return a card with a reply that was accepted, one that was refused, and one about an earlier card."""
    first = Correction(
        reply=1,
        line=f"COL001{text}",
        said=f"the gap was a train ride{text}",
        accepted=True,
        why=f"The ticket shows it{text}",
        by=f"the organiser{text}",
        code=f"COL001{text}",
        before=LineVersion(ending=Ending.PROBLEM, certainty=Certainty.SUSPECT, claim=f"Updates were apart{text}."),
        after=LineVersion(ending=Ending.NOT_APPLICABLE, certainty=None, claim=f"A train ride{text}."),
    )
    refused = replace(first, reply=2, accepted=False, code="", before=None, after=None, why=f"It is no cause{text}")
    return replace(recorded(text), corrections=(first, refused, replace(refused, reply=3, holds=False)))


def beside(*cards: Card, gaps: Sequence[float | None] = ()) -> SideBySide:
    """Return cards side by side; `gaps` are the pairs' differences in order, each ± 0.01, None without an interval."""
    pairs = list(itertools.combinations(cards, 2))
    given = [*gaps, *([0.0] * (len(pairs) - len(gaps)))]
    return side_by_side(
        cards,
        [
            PairDifference(first=one.submission, second=other.submission, estimate=_estimate(gap), is_paired=True)
            for (one, other), gap in zip(pairs, given, strict=True)
        ],
    )


def _estimate(gap: float | None) -> Estimate:
    if gap is None:
        return undefined("no row moves the difference", n=100, method="paired")
    return Estimate(value=gap, low=gap - 0.01, high=gap + 0.01, n=100, method="paired")
