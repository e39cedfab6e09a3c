"""Asks whether the documents say what was given up for what."""

import re

from heldout.core.check import check
from heldout.core.documents import documented
from heldout.core.finding import Answer
from heldout.core.repository import Repository

TOPICS = {
    "what was given up for what": (
        "trade-off",
        "tradeoff",
        "trade off",
        "alternative",
        "design decision",
        "decisions",
        "why not",
        "what else was tried",
        "what was left out",
    ),
}
"""The topics, and what a heading that tells them has at the beginning of a word."""

SENTENCES = {
    "what was given up for what": re.compile(
        r"\btrade-?offs?\b|\b(?:chosen|chose|preferred|picked) .{0,60}\b(?:over|instead of|rather than)\b|"
        r"\bat the (?:cost|price|expense) of\b|\b(?:was|were) left out\b|\b(?:gave|given) up\b",
        re.IGNORECASE,
    ),
}

MINIMUM_EFFECT = 1
"""Topics that no document tells."""

TO_DO = "Say for each important choice what the other way was, what the choice costs and what it gains."


@check("DOC006")
def trade_offs_unsaid(repository: Repository) -> Answer:
    """Ask whether the documents say what was given up for what.

    ## Why it matters
    Every model gives something up: accuracy for speed, recall for quiet, a feature for a feed that cannot break.
    Written down, the choice can be made again when its reasons are gone.

    ## Example
    Weather is left out of a model because the feed was late that summer. Three years on nobody dares to put it in.

    ## What to do
    Write a section, a line for each choice:

        ## Trade-offs
        CHOSEN instead of OTHER: costs HOW MUCH (measured on WHAT), gains WHAT. To be looked at again when WHEN.

    ## Limits
    It reads README, model cards and other texts down to two folders, in English. A topic is there when a heading
    has one of {TOPICS} above at least five words, or when a sentence of README or model card has words that tell
    it; "TBD" and "not measured" do not count. It does not judge what is written, so a missing topic is a suspicion.
    One topic suffices ({MINIMUM_EFFECT}).
    """
    return documented(repository, TOPICS, SENTENCES, to_do=TO_DO)
