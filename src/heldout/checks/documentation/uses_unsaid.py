"""Asks whether the documents say what the model is for, and what it is not for."""

import re

from heldout.core.check import check
from heldout.core.documents import documented
from heldout.core.finding import Answer
from heldout.core.repository import Repository

TOPICS = {
    "what it is for": (
        "intended use",
        "direct use",
        "use case",
        "uses",
        "purpose",
        "what it is for",
        "who uses",
        "use of",
    ),
    "what it is not for": (
        "out of scope",
        "out-of-scope",
        "not for",
        "what it is not",
        "not intended",
        "misuse",
        "when not to",
    ),
}
"""The topics, and what a heading that tells them has at the beginning of a word."""

SENTENCES = {
    "what it is for": re.compile(
        r"\bintended (?:for|to|use)\b|\bis (?:meant|designed|built|made) (?:for|to)\b|\b(?:its|the) purpose\b",
        re.IGNORECASE,
    ),
    "what it is not for": re.compile(
        r"\b(?:not|never) (?:be )?(?:used|intended|meant|suitable|designed|valid) (?:for|to|on|where|when)\b|"
        r"\bout[- ]of[- ]scope\b|\bdo not use\b",
        re.IGNORECASE,
    ),
}

MINIMUM_EFFECT = 1
"""Topics that no document tells."""

TO_DO = "Say for which decision the model was built, and for which decisions and rows it was not."


@check("DOC003")
def uses_unsaid(repository: Repository) -> Answer:
    """Ask whether the documents say what the model is for, and what it is not for.

    ## Why it matters
    A model is used where it is found. Whoever finds it in two years has to see for which decision it was built, and
    where it was never tried.

    ## Example
    A model that orders goods for established shops is put to use in new ones, of which it saw none.

    ## What to do
    Write two sections into README.md or MODEL_CARD.md:

        ## Intended use
        Tells WHOM, WHEN, WHAT; they decide WHICH ACTION by it.

        ## Out of scope
        Not for WHICH DECISIONS, and not for WHICH ROWS: nothing like them was in the training data.

    ## Limits
    It reads README, model cards and other texts down to two folders, in English. A topic is there when a heading
    has one of {TOPICS} above at least five words, or when a sentence of README or model card has words that tell
    it; "TBD" and "not measured" do not count. It does not judge what is written, so a missing topic is a suspicion.
    One topic suffices ({MINIMUM_EFFECT}).
    """
    return documented(repository, TOPICS, SENTENCES, to_do=TO_DO)
