"""Finds feedback of a reviewer of which nobody said what became of it."""

from heldout.core.check import check
from heldout.core.collaboration_evidence import Conversation
from heldout.core.estimate import Measure, counted
from heldout.core.finding import Answer, Certainty, Witness, caution, clear, not_applicable, problem

MINIMUM_EFFECT = 1
"""Feedback without an answer, given early enough for one."""


@check("COL003")
def feedback_unanswered(conversation: Conversation) -> Answer:
    """Find feedback of a reviewer without a word on what became of it.

    ## Why it matters
    Feedback that is taken up, or declined with a reason, is how two people find out whether they can work together.

    ## Example
    A reviewer writes that the split mixes flights of one day. Two days later the work is handed in, and nothing says
    whether that was looked at.

    ## What to do
    Write `## Feedback N` with a line `- done:` into UPDATES.md; "not done, because ..." is an answer. For a reviewer:
    look at the commits since, the answer may be in the code.

    ## Limits
    An answer is what UPDATES.md says under that number; work that takes feedback up in silence is not seen, so it is a
    question (`suspect`). Feedback with less than one cadence of waking hours left before the end is told as a caution.
    What an answer is worth is not judged. One suffices ({MINIMUM_EFFECT}).
    """
    given = conversation.feedback
    if not given:
        return not_applicable("No feedback was given.")
    open_ones = [feedback for feedback in given if not feedback.answered]
    early = [feedback for feedback in open_ones if feedback.waking_hours >= conversation.cadence_hours]
    measures = (
        Measure(name="feedback without an answer", estimate=counted(len(open_ones), n=len(given)), unit="feedback"),
        Measure(name="of it, early enough for one", estimate=counted(len(early), n=len(given)), unit="feedback"),
    )
    if not open_ones:
        return clear(f"What became of feedback was said each time: {len(given)} of {len(given)}.", measures=measures)
    witnesses = [
        Witness(kind="feedback", where=str(one.number), note=f"{one.waking_hours:.1f} waking hours before the end")
        for one in open_ones[:10]
    ]
    numbers = ", ".join(str(feedback.number) for feedback in open_ones[:10])
    claim = f"Feedback without a word on what became of it: {len(open_ones)} of {len(given)} (number {numbers})."
    to_do = "Look at the commits since, and ask; the answer may be in the code."
    if early:
        return problem(claim, Certainty.SUSPECT, to_do=to_do, measures=measures, witnesses=witnesses)
    return caution(claim, to_do=to_do, measures=measures, witnesses=witnesses)
