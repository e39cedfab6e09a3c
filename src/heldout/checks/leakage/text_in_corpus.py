"""Finds test texts that stand in the texts that a model was trained on."""

from heldout.core.check import check
from heldout.core.error_control import alpha_of
from heldout.core.estimate import Measure
from heldout.core.finding import Answer, Certainty, Witness, caution, clear, not_applicable, problem
from heldout.core.runs_evidence import CorpusOverlap
from heldout.stats import clopper_pearson

GATE = 0.005  # share of test texts up to which copies cannot move a score by more
MINIMUM_EFFECT = 0.03
"""Share of 1,000 test texts that were copied into the corpus."""


@check("LEK013")
def text_in_corpus(corpus_overlap: CorpusOverlap) -> Answer:
    """Find test texts that stand word for word in the texts that a model was trained on.

    ## Why it matters
    A model recites what it has read. On items that were in its training texts a score measures memory.

    ## Example
    A benchmark is on the web with its answers, and a crawl of the web becomes the training corpus.

    ## What to do
    Take the copied items out of the test, or their sources out of the corpus, and score again; report both numbers.

    ## Limits
    A text counts from 13 words on; letters and digits count, case and punctuation do not. Shared: 13 words in a row
    stand in the corpus. Copied: nine in ten of its runs of 8 words do. Both are held against the chance level, how
    often the test texts share such runs with each other: a half of a public benchmark shares 13 words with the other
    half on some 0.2 % of items. It fires where the exact lower bound exceeds {GATE} and the upper bound of that level:
    `proven` for copies, `suspect` for shared runs, as two texts may quote a third. A larger corpus of the same kind
    shares more by chance than a half of the test does. Paraphrases and translations are not seen. It promises to find
    copies of {MINIMUM_EFFECT} of 1,000 texts.
    """
    overlap = corpus_overlap
    if not overlap.items:
        return not_applicable(f"None of {overlap.too_short:,} test texts has 13 words.")
    level = 1 - alpha_of("leakage")  # two one-sided tests, two bounds each of half the part
    n = overlap.items
    copied, shared = (clopper_pearson(count, n, level) for count in (overlap.verbatim, overlap.shared))
    floors = [clopper_pearson(count, n, level) for count in (overlap.reference_verbatim, overlap.reference_shared)]
    measures = (
        Measure(name="texts copied", estimate=clopper_pearson(overlap.verbatim, n), unit="share"),
        Measure(name="texts that share 13 words", estimate=clopper_pearson(overlap.shared, n), unit="share"),
        Measure(
            name="texts that share 13 words with each other",
            estimate=clopper_pearson(overlap.reference_shared, n),
            unit="share",
        ),
    )
    where = " and ".join(overlap.corpus[:3]) + (" and others" if len(overlap.corpus) > 3 else "")
    rows = ", ".join(f"{row:,}" for row in overlap.examples)
    witnesses = (Witness(kind="rows", where=rows, note="copied"),) if rows else ()
    to_do = "Take these items out of the test, or their sources out of the corpus, and score again."
    if (copied.low or 0.0) > max(GATE, floors[0].high or 1.0):
        claim = f"{overlap.verbatim:,} of {n:,} test texts stand word for word in {where}."
        return problem(claim, Certainty.PROVEN, to_do=to_do, measures=measures, witnesses=witnesses)
    if (shared.low or 0.0) > max(GATE, floors[1].high or 1.0):
        claim = f"{overlap.shared:,} of {n:,} test texts share 13 words in a row with {where}."
        return problem(claim, Certainty.SUSPECT, to_do=to_do, measures=measures, witnesses=witnesses)
    if overlap.verbatim or (shared.high or 1.0) > max(GATE, floors[1].high or 1.0):
        stand = f"{overlap.verbatim:,} of {n:,} test texts stand word for word in {where}, and {overlap.shared:,} share"
        share = f"{overlap.shared:,} of {n:,} test texts share 13 words in a row with {where}"
        claim = f"{stand} 13 words in a row" if overlap.verbatim else share
        claim += ": not shown to be more than such texts share by chance."
        return caution(claim, to_do=to_do if overlap.verbatim else "", measures=measures, witnesses=witnesses)
    return clear(f"Of {n:,} test texts {overlap.shared:,} share 13 words in a row with {where}.", measures=measures)
