"""Asks whether the history shows how the work came about, or appeared at the end."""

from heldout.core.check import check
from heldout.core.collaboration_evidence import CommitFacts, Conversation, History
from heldout.core.estimate import Measure, counted
from heldout.core.finding import Answer, Certainty, Witness, caution, clear, not_applicable, problem
from heldout.core.plural import how_many

FEW = 3
"""Commits that tell of no steps."""

LATE_MINUTES = 60.0
"""Minutes before the last receipt."""

SHARE = 0.9
"""Share of the contents that came then."""

MINIMUM_EFFECT = 0.95
"""Share of the contents that came in few commits within the last hour."""


@check("COL005")
def one_big_commit(history: History, conversation: Conversation | None = None) -> Answer:
    """Find a history in which nearly all of the work came at the end, in few commits.

    ## Why it matters
    A history shows what was tried and in which order. One commit at the end shows a result, and nobody can tell from
    it how it came about.

    ## Example
    The repository gets a README on Monday, and everything else in one commit ten minutes before the end.

    ## What to do
    Ask how the work went: some people commit rarely. For the next time, commit whenever something works, and push it.

    ## Limits
    It asks when {SHARE} or more of the bytes of new contents were received within {LATE_MINUTES} minutes of the last
    receipt, in at most {FEW} commits. Times are receipts of the server; without them it only tells how many commits
    there are, as dates in commits are what somebody wrote. A changed file counts whole, a large table much. What that
    means is a question for a person (`suspect`). It promises to find a share of {MINIMUM_EFFECT}.
    """
    commits = history.commits
    if not commits:
        return not_applicable("The history was not read.")
    received = [commit for commit in commits if commit.received is not None]
    total = sum(commit.new_bytes for commit in commits)
    number = Measure(name="commits", estimate=counted(len(commits), n=len(commits)), unit="commits")
    if len(received) < len(commits) or conversation is None or total == 0:
        claim = f"The history has {how_many(len(commits), 'commit')}; when they were received is not known."
        return caution(claim, measures=(number,)) if len(commits) <= FEW else clear(claim, measures=(number,))
    late = _late(received)
    share = sum(commit.new_bytes for commit in late) / total
    measures = (
        number,
        Measure(name="contents received in the last hour", estimate=counted(share, n=len(commits)), unit="share"),
    )
    claim = f"{share:.0%} of the contents came in {len(late)} of {how_many(len(commits), 'commit')}, in the last hour."
    if share >= SHARE and len(late) <= FEW:
        witnesses = [
            Witness(
                kind="commit",
                where=commit.commit[:12],
                note=f"{how_many(commit.new_files, 'file')}, {how_many(commit.new_bytes, 'byte')}",
            )
            for commit in late
        ]
        to_do = "Ask how the work went; the history does not show it."
        return problem(claim, Certainty.SUSPECT, to_do=to_do, measures=measures, witnesses=witnesses)
    return clear(claim, measures=measures)


def _late(received: list[CommitFacts]) -> list[CommitFacts]:
    last = max(commit.received or 0.0 for commit in received)
    return [commit for commit in received if last - (commit.received or 0.0) <= 60 * LATE_MINUTES]
