"""Compares the metrics that updates and the log of experiments state with what the rerun scored."""

from heldout.core.check import check
from heldout.core.collaboration_evidence import Conversation, LoggedMetric
from heldout.core.estimate import Measure, counted
from heldout.core.finding import Answer, Certainty, Witness, caution, clear, not_applicable, problem
from heldout.core.lift import Lift
from heldout.core.repository import shown
from heldout.stats.metrics import METRICS

HALVES = 2.0
"""Half-widths of the graded interval within which a stated value agrees; the stated one has an error of its own."""

MINIMUM_EFFECT = 5.0
"""How far a stated value lies on the better side, in half-widths of the graded interval."""


@check("COL006")
def log_differs_from_rerun(conversation: Conversation, lift: Lift) -> Answer:
    """Ask whether the metrics that updates and the log state agree with what the rerun scored.

    ## Why it matters
    Decisions were taken on the logged numbers. If the rerun does not give them again, something between them differs:
    the rows, the columns, the code.

    ## Example
    EXPERIMENTS.md says AUC 0.91 for the commit that was handed in; the rerun on the final rows gives 0.78.

    ## What to do
    Say in the log on which rows a value was measured, and how they were split. Ask first: other rows give other
    values.

    ## Limits
    Compared is the metric that the brief names: the last value stated for the commit handed in, or else the last one
    stated. A logged value stands on rows of its own, often of another time, so it agrees within {HALVES} half-widths
    of the graded interval, and one beyond that on the better side is a question (`suspect`); on the worse side it is
    told. Names of metrics must be equal but for case, blanks and hyphens, with words before a slash left out. It
    promises to find {MINIMUM_EFFECT} half-widths.
    """
    graded = lift.candidate
    stated = _stated(conversation, lift.metric)
    if stated is None:
        return not_applicable(f"Neither updates nor the log state {lift.metric}.")
    if graded.value is None or graded.low is None or graded.high is None or lift.metric not in METRICS:
        return not_applicable(f"The rerun has no interval for {lift.metric} to compare with.")
    sign = 1.0 if METRICS[lift.metric].higher_is_better else -1.0
    half = (graded.high - graded.low) / 2
    better = sign * (stated.value - graded.value)
    measures = (
        Measure(name=f"{lift.metric}, logged", estimate=counted(stated.value, n=1, method="as stated")),
        Measure(name=f"{lift.metric}, rerun", estimate=graded),
    )
    witnesses = [Witness(kind="file", where=shown(stated.file), line=stated.line, note=_tied(stated, conversation))]
    claim = f"Logged is {lift.metric} {stated.value:.4g}; the rerun scores {graded.value:.4g}"
    claim += f" [{graded.low:.4g}, {graded.high:.4g}]."
    if abs(better) <= HALVES * half:
        return clear(claim, measures=measures, witnesses=witnesses)
    to_do = "Ask on which rows the logged value was measured, and how they were split."
    if better < 0:
        return caution(claim, to_do=to_do, measures=measures, witnesses=witnesses)
    return problem(claim, Certainty.SUSPECT, to_do=to_do, measures=measures, witnesses=witnesses)


def _stated(conversation: Conversation, metric: str) -> LoggedMetric | None:
    named = [one for one in conversation.logged if _plain(one.metric) == _plain(metric)]
    tied = [one for one in named if one.commit and conversation.submitted.startswith(one.commit)]
    chosen = tied or named
    return chosen[-1] if chosen else None


def _plain(name: str) -> str:
    return name.rpartition("/")[2].strip().lower().replace("-", "_").replace(" ", "_")


def _tied(stated: LoggedMetric, conversation: Conversation) -> str:
    if stated.commit and conversation.submitted.startswith(stated.commit):
        return "stated for the commit handed in"
    return f"stated for commit {shown(stated.commit, 12)}" if stated.commit else "stated for no commit"
