"""Asks whether the documents say by what right the data are used, and how long they are kept."""

import re

from heldout.core.check import check
from heldout.core.documents import documented
from heldout.core.finding import Answer
from heldout.core.repository import Repository

TOPICS = {
    "by what right the data are used": (
        "consent",
        "data protection",
        "privacy",
        "personal data",
        "data rights",
        "data source",
        "provenance",
        "ethic",
    ),
    "how long data are kept": (
        "retention",
        "deletion",
        "how long",
    ),
}
"""The topics, and what a heading that tells them has at the beginning of a word."""

SENTENCES = {
    "by what right the data are used": re.compile(
        r"\b(?:consent(?:ed)?|agreed to (?:share|the use)|public domain|open data|legal basis|gdpr|no personal|"
        r"anonymi[sz]ed|pseudonymi[sz]ed|about a person|publicly available)\b|"
        r"\b(?:data|dataset|table|rows)\b.{0,80}\blicen[cs]|\blicen[cs]\w*\b.{0,80}\b(?:data|dataset|table|rows)\b",
        re.IGNORECASE,
    ),
    "how long data are kept": re.compile(
        r"\bretention\b|\bretained\b|\b(?:data|rows?|tables?|records?|copies)\b.{0,60}"
        r"\b(?:deleted|erased|kept|stored|discarded)\b",
        re.IGNORECASE,
    ),
}

MINIMUM_EFFECT = 1
"""Topics that no document tells."""

TO_DO = "Say whose data they are, by which consent, contract or licence they are used, and when they are deleted."


@check("DOC004")
def data_terms_unsaid(repository: Repository) -> Answer:
    """Ask whether the documents say by what right the data are used, and how long they are kept.

    ## Why it matters
    Data that may be used for one purpose may not be used for another, and what has to be deleted must be found
    first. A model keeps something of each row that it learned from.

    ## Example
    A model is fitted on complaints that customers wrote. Nobody knows whether they agreed, nor when the letters go.

    ## What to do
    Write a section, also where the answer is short:

        ## Data: consent and retention
        WHOSE data, from WHERE, used by WHICH consent, contract or licence. No row is about a
        person, or: the persons are WHOM. Tables are deleted after HOW LONG; the model itself is kept until WHEN.

    ## Limits
    It reads README, model cards and other texts down to two folders, in English. A topic is there when a heading
    has one of {TOPICS} above at least five words, or when a sentence of README or model card has words that tell
    it; "TBD" and "not measured" do not count. It does not judge what is written, so a missing topic is a suspicion.
    One topic suffices ({MINIMUM_EFFECT}).
    """
    return documented(repository, TOPICS, SENTENCES, to_do=TO_DO)
