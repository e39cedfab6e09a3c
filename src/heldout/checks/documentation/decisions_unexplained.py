"""Asks whether the documents explain how a prediction comes about."""

import re

from heldout.core.check import check
from heldout.core.documents import documented
from heldout.core.finding import Answer
from heldout.core.repository import Repository

TOPICS = {
    "how a prediction comes about": (
        "explain",
        "explanation",
        "explanab",
        "interpret",
        "feature importance",
        "how it works",
        "how it decides",
        "how the model",
        "reasons",
    ),
}
"""The topics, and what a heading that tells them has at the beginning of a word."""

SENTENCES = {
    "how a prediction comes about": re.compile(
        r"\b(?:explained by|explains (?:each|a|the|its)|interpretab\w+|feature importances?|shap(?:ley)? values?|"
        r"coefficients?|contributions? (?:of|to|per)|a weight (?:for|per)|weights? (?:of|for|per) (?:each|every|a))\b",
        re.IGNORECASE,
    ),
}

MINIMUM_EFFECT = 1
"""Topics that no document tells."""

TO_DO = "Say what kind of model it is, what it leans on, and take one prediction apart."


@check("DOC005")
def decisions_unexplained(repository: Repository) -> Answer:
    """Ask whether the documents explain how a prediction comes about.

    ## Why it matters
    Whoever acts on a number wants to know what made it, and whoever is affected may have a right to. An explanation
    also shows a reviewer what the model leans on.

    ## Example
    A score of 0.92 stops a payment. The clerk who is asked why can say that the computer said so.

    ## What to do
    Write a section, with one prediction taken apart:

        ## Explanation
        The model is a KIND. WHICH COLUMNS matter most, by WHICH measure. A row with THESE values gets 0.92, because ...
        WHO can ask for the reasons of one prediction, and how.

    ## Limits
    It reads README, model cards and other texts down to two folders, in English. A topic is there when a heading
    has one of {TOPICS} above at least five words, or when a sentence of README or model card has words that tell
    it; "TBD" and "not measured" do not count. It does not judge what is written, so a missing topic is a suspicion.
    One topic suffices ({MINIMUM_EFFECT}).
    """
    return documented(repository, TOPICS, SENTENCES, to_do=TO_DO)
