"""Finds long times without an update, in agreed waking hours."""

from heldout.core.check import check
from heldout.core.collaboration_evidence import Conversation
from heldout.core.estimate import Measure, counted
from heldout.core.finding import Answer, Certainty, Witness, caution, clear, not_applicable, problem

LONG = 2.0
"""Times the cadence from which a gap is asked about; a shorter one is only told."""

MINIMUM_EFFECT = 2.0
"""Waking hours without an update, in times the cadence."""

SHOWN = 10
"""At most this many gaps are shown."""


@check("COL001")
def updates_have_gaps(conversation: Conversation) -> Answer:
    """Find times without an update that are longer than the cadence, in agreed waking hours.

    ## Why it matters
    An update says where the work stands and what was assumed, while a wrong assumption is still cheap. How often was
    agreed before the clock started.

    ## Example
    An update is due every 12 waking hours. After the second one none comes for 30.

    ## What to do
    Ask what happened: an illness, a long run and a lost connection look the same from here. For the next time, a line
    in UPDATES.md is an update.

    ## Limits
    Times are those at which the server received a push, so work that was not pushed is not seen. Only the waking hours
    that were agreed count, without agreed pauses. It counts; it does not know why, so a gap of {LONG} times the
    cadence or more is a question (`suspect`), and a shorter one is told as a caution. It promises to find
    {MINIMUM_EFFECT} times the cadence, and shows {SHOWN} gaps at most.
    """
    due = conversation.cadence_hours
    if not conversation.silences or due <= 0:
        return not_applicable("No time between updates was recorded.")
    over = [silence for silence in conversation.silences if silence.waking_hours > due]
    longest = max(silence.waking_hours for silence in conversation.silences)
    n = len(conversation.silences)
    measures = (
        Measure(name="longest time without an update", estimate=counted(longest, n=n), unit="waking hours"),
        Measure(name="times beyond the cadence", estimate=counted(len(over), n=n), unit="times"),
        Measure(name="updates", estimate=counted(conversation.updates, n=n), unit="updates"),
    )
    if not over:
        return clear(f"An update came within {due:g} waking hours each time; longest {longest:.1f}.", measures=measures)
    witnesses = [
        Witness(kind="time", where=f"{gap.begins} to {gap.ends}", note=f"{gap.waking_hours:.1f} waking hours")
        for gap in sorted(over, key=lambda gap: -gap.waking_hours)[:SHOWN]
    ]
    claim = f"Times without an update beyond {due:g} waking hours: {len(over)}; the longest has {longest:.1f}."
    to_do = "Ask what happened, before drawing anything from it."
    if longest >= LONG * due:
        return problem(claim, Certainty.SUSPECT, to_do=to_do, measures=measures, witnesses=witnesses)
    return caution(claim, to_do=to_do, measures=measures, witnesses=witnesses)
