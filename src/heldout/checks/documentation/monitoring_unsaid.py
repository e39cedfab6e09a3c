"""Asks whether the documents say what to monitor, and what to do then."""

import re

from heldout.core.check import check
from heldout.core.documents import documented
from heldout.core.finding import Answer
from heldout.core.repository import Repository

TOPICS = {
    "what to monitor": (
        "monitor",
        "watch",
        "alert",
        "observab",
        "drift",
    ),
    "what to do then": (
        "runbook",
        "fallback",
        "incident",
        "rollback",
        "when it fails",
        "on call",
        "what to do",
    ),
}
"""The topics, and what a heading that tells them has at the beginning of a word."""

SENTENCES = {
    "what to monitor": re.compile(
        r"\b(?:monitor(?:ed|ing|s)?|alerts?|alerted|dashboard)\b",
        re.IGNORECASE,
    ),
    "what to do then": re.compile(
        r"\b(?:fall(?:s)? ?back|roll(?:ed)? ?back|re-?train(?:ed|ing)?|re-?fit|on[- ]call|runbook|what to do)\b",
        re.IGNORECASE,
    ),
}

MINIMUM_EFFECT = 1
"""Topics that no document tells."""

TO_DO = "Say which numbers are watched, from which value on somebody is told, and what they do then."


@check("DOC008")
def monitoring_unsaid(repository: Repository) -> Answer:
    """Ask whether the documents say what to monitor, and what to do when it moves.

    ## Why it matters
    A model goes wrong without an error message. Whoever is on duty at three in the morning has only what is
    written.

    ## Example
    An alert called DriftHigh rings. Nobody knows whether to retrain, to roll back or to sleep on.

    ## What to do
    Write a section, a line for each thing that is watched:

        ## What to monitor
        WHICH NUMBER, how often, from WHICH VALUE on somebody is told, and what they do: mend the feed, retrain,
        roll back to WHICH fallback.

    ## Limits
    It reads README, model cards and other texts down to two folders, in English. A topic is there when a heading
    has one of {TOPICS} above at least five words, or when a sentence of README or model card has words that tell
    it; "TBD" and "not measured" do not count. It does not judge what is written, so a missing topic is a suspicion.
    One topic suffices ({MINIMUM_EFFECT}).
    """
    return documented(repository, TOPICS, SENTENCES, to_do=TO_DO)
