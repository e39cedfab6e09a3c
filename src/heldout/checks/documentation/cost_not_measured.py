"""Asks whether the documents say how time and memory grow, and what was measured."""

import re

from heldout.core.check import check
from heldout.core.documents import documented
from heldout.core.finding import Answer
from heldout.core.repository import Repository

TOPICS = {
    "how time and memory grow": (
        "complexity",
        "scaling",
        "scalability",
        "how it scales",
        "how it grows",
    ),
    "what of them was measured": (),
}
"""The topics, and what a heading that tells them has at the beginning of a word."""

SENTENCES = {
    "how time and memory grow": re.compile(
        r"\bO\([^)]{1,40}\)|\b(?:linear|quadratic|logarithmic|constant)(?:ly)? (?:in|with|per|time)\b|"
        r"\bgrows? (?:with|linearly|as)\b|\bproportional to\b|\b(?:time|space) complexity\b",
        re.IGNORECASE,
    ),
    "what of them was measured": re.compile(
        r"\b(?:takes?|took|needs?|needed|uses?|used|within|measured|memory|latency|peak|runs?|fits?)\b.{0,80}"
        r"\d\s?(?:ms|µs|s|sec(?:onds?)?|min(?:utes?)?|h|hours?|[kMG]i?B)\b|"
        r"\|[^|]{0,40}\b(?:seconds?|ms|minutes?|[MG]i?B|s)\b[^|]{0,20}\|",
        re.IGNORECASE,
    ),
}

MINIMUM_EFFECT = 1
"""Topics that no document tells."""

TO_DO = "State how time and memory grow with the rows, and measure both at two sizes at least."


@check("DOC007")
def cost_not_measured(repository: Repository) -> Answer:
    """Ask whether the documents say how time and memory grow with the rows, and what was measured.

    ## Why it matters
    A program that takes a minute on a sample takes an hour, or a week, on everything. How it grows tells which; a
    measurement tells from where.

    ## Example
    A pairwise distance is fitted on 5,000 rows in 2 s. In production there are 500,000 rows: 10,000 times the
    pairs.

    ## What to do
    Write a section with a measured table:

        ## Complexity
        Training is linear in the rows, predicting constant per row. Measured on WHICH MACHINE:

        | rows | seconds | MB |
        |---|---|---|
        | 10,000 | 0.4 s | 90 MB |
        | 100,000 | 3.9 s | 240 MB |

    ## Limits
    It reads README, model cards and other texts down to two folders, in English. A topic is there when a heading
    has one of {TOPICS} above at least five words, or when a sentence of README or model card has words that tell
    it; "TBD" and "not measured" do not count. It does not judge what is written, nor measure anything, so a missing
    topic is a suspicion. One topic suffices ({MINIMUM_EFFECT}).
    """
    return documented(repository, TOPICS, SENTENCES, to_do=TO_DO)
