"""Tells of pushes that would have rewritten or deleted history, and were refused."""

from heldout.core.check import check
from heldout.core.collaboration_evidence import Conversation
from heldout.core.estimate import Measure, counted
from heldout.core.finding import Answer, Certainty, Witness, clear, problem
from heldout.core.repository import shown

MINIMUM_EFFECT = 1
"""Refused pushes."""

SHOWN = 10
"""At most this many pushes are shown."""


@check("COL002")
def history_rewritten(conversation: Conversation) -> Answer:
    """Find pushes that would have rewritten or deleted history; they were refused and recorded.

    ## Why it matters
    What was received stays received: deadlines and the way that the work took are read off it. A push that replaces
    commits would change that record.

    ## Example
    A commit is amended after it was pushed, and pushed again with --force. The server keeps the first one.

    ## What to do
    Ask. Most such pushes are a habit (`git commit --amend`, a rebase) and change nothing of worth; nothing was lost.
    Add a commit instead of changing one that was pushed.

    ## Limits
    That a push was refused is counted; what it was for is not known, so it is a question for a person (`suspect`). It
    sees what reached the server, not what was rewritten before the first push. One push suffices ({MINIMUM_EFFECT});
    {SHOWN} are shown at most.
    """
    refused = conversation.refused
    n = max(len(refused), 1)
    measures = (Measure(name="refused pushes", estimate=counted(len(refused), n=n), unit="pushes"),)
    if not refused:
        return clear("No push would have rewritten or deleted history.", measures=measures)
    witnesses = [
        Witness(kind="push", where=push.at, note=f"{shown(push.ref, 60)}: {shown(push.why, 100)}")
        for push in refused[:SHOWN]
    ]
    return problem(
        f"Pushes refused because they would have rewritten or deleted history: {len(refused)}.",
        Certainty.SUSPECT,
        to_do="Ask what they were for; the commits that were there are kept.",
        measures=measures,
        witnesses=witnesses,
    )
