"""Finds columns whose name speaks of the outcome, or of a plan that they fulfil, and that tell the label."""

from collections.abc import Iterable, Sequence

from heldout.core.check import check
from heldout.core.error_control import alpha_of
from heldout.core.estimate import Measure, counted
from heldout.core.evidence import Availability
from heldout.core.finding import Answer, Certainty, Witness, caution, clear, not_applicable, problem
from heldout.core.leakage_evidence import ScheduledPair, Schedules
from heldout.core.mend import Mend, MendKind
from heldout.core.outcome_words import outcome_word, repeats
from heldout.core.profile import ColumnKind, ColumnProfile, LabelKind, LabelProfile, Profile
from heldout.stats.leaky_columns import leaky_columns, renamings
from heldout.stats.named_power import alone, bounded, gate_of

WORD_GATE = (0.75, 0.5)  # AUC and R² that a column named after the outcome exceeds
MILD_GATE = (0.9, 0.8)  # the same of a status, a reason or a final amount, which are often innocent
NAMESAKE_GATE = (0.7, 0.5)  # of a column that bears the target's own name
COMPANION_GATE = (0.6, 0.2)  # of a column that bears the name of one that gives the label away by itself
PLAN_GATE = (0.65, 0.3)  # of the difference between a plan and what became of it
SUSPECT_GATE = (0.6, 0.2)  # of a column named after the outcome, to be suspect
MINIMUM_EFFECT = 0.8  # share of 4,000 rows on which the column tells the label

Reason = tuple[str, tuple[float, float]]


@check("LEK004")
def named_after_the_outcome(
    profile: Profile, schedules: Schedules | None = None, availability: Availability | None = None
) -> tuple[Answer, ...]:
    """Find columns whose name says that they are written after the outcome, and that tell the label.

    ## Why it matters
    What a process writes when it ends (a reason, a final amount, a delay) is not there when somebody has to predict.

    ## Example
    `TermReason` beside an employee's attrition; `dep_time` beside `sched_dep_time`, where a flight's delay is asked.

    ## What to do
    Find out when the column is written. After the question is asked: drop it. Before: declare it.

    ## Limits
    A name alone is no finding. `strong` asks for a name and an out-of-fold power of the column alone, by a lower bound
    (Bonferroni over columns; AUC, of several classes the lowest, or R²): a word of the outcome and {WORD_GATE}, a
    word that often is none (status, result, reason, final, approved) and {MILD_GATE}, the target's own name and
    {NAMESAKE_GATE}, the name of a column that gives the label away by itself and {COMPANION_GATE}; or a plan's name
    beside its own, where the difference of both exceeds {PLAN_GATE} and the plan. Less, down to {SUSPECT_GATE}, is
    `suspect`. Words such as previous, planned or marital speak against it; columns that are declared as known in time
    are not doubted, and any other honest one that bears an outcome's name and tells as much is called `strong`. Names
    are read in English. It promises to find a column that tells {MINIMUM_EFFECT} of 4,000 rows.
    """
    known = frozenset() if availability is None else availability.known
    label, columns = profile.label, [c for c in profile.columns.values() if c.kind is not ColumnKind.EMPTY]
    if label is None or not columns:
        return (not_applicable("The table has no target." if label is None else "The table has no other column."),)
    pairs = () if schedules is None else schedules.pairs
    alpha = alpha_of("leakage") / (len(columns) + len(pairs))
    leaky = leaky_columns(profile)
    found = [
        answer for pair in pairs if pair.actual.name not in {*leaky, *known} for answer in _late(pair, label, alpha)
    ]
    told = known | {witness.where for answer in found for witness in answer.witnesses}
    named = []
    for group in renamings(columns):
        reason = None if any(c.name in leaky or c.name in told for c in group) else _reason(group, label, leaky)
        if reason is not None:
            named.append(group[0].name)
            found += _named(group, reason, label, alpha)
    problems = tuple(answer for answer in found if answer.certainty)
    if problems or found:
        return problems or tuple(found)
    number = Measure(name="columns named so", estimate=counted(len(named), n=len(columns)), unit="columns")
    return (clear(f"No column named after an outcome tells {label.name}.", measures=(number,)),)


def _reason(group: Sequence[ColumnProfile], label: LabelProfile, leaky: Iterable[str]) -> Reason | None:
    """Return what the name of one of the columns says, and the gates that it asks for: the lowest that applies."""
    reasons: list[Reason] = []
    for name in (column.name for column in group):
        word, is_mild = outcome_word(name)
        companions = [other for other in leaky if repeats(name, other)]
        reasons += [(f"is named after {companions[0]}", COMPANION_GATE)] if companions else []
        is_namesake = label.kind is not LabelKind.REGRESSION and any(repeats(name, own) for own in label.columns)
        reasons += [("bears the target's name", NAMESAKE_GATE)] if is_namesake else []
        reasons += [(f"speaks of an outcome ({word})", MILD_GATE if is_mild else WORD_GATE)] if word else []
    return min(reasons, key=lambda reason: reason[1]) if reasons else None


def _named(group: Sequence[ColumnProfile], reason: Reason, label: LabelProfile, alpha: float) -> list[Answer]:
    power, gate = bounded(group[0], label, alpha), gate_of(reason[1], label.kind)
    names = tuple(column.name for column in group)
    claim = f"{', '.join(names)} {reason[0]}"
    if power.value is None or power.low is None:
        return []
    if power.low <= gate_of(SUSPECT_GATE, label.kind):
        open_ = f"{claim}; whether it tells {label.name} cannot be told at this n."
        return [caution(open_, measures=(alone(group[0], label),))] if power.value > gate else []
    certainty = Certainty.STRONG if power.low > gate else Certainty.SUSPECT
    return [_problem(f"{claim} and tells {label.name} by itself.", certainty, names, (alone(group[0], label),))]


def _late(pair: ScheduledPair, label: LabelProfile, alpha: float) -> list[Answer]:
    difference, planned = bounded(pair.difference, label, alpha), bounded(pair.planned, label, alpha)
    gate = max(gate_of(PLAN_GATE, label.kind), planned.high or 1.0)
    if difference.low is None or difference.low <= gate:
        return []
    claim = f"{pair.actual.name} is what became of {pair.planned.name}, and their difference tells {label.name}."
    measures = (alone(pair.difference, label), alone(pair.planned, label))
    return [_problem(claim, Certainty.STRONG, (pair.actual.name,), measures)]


def _problem(claim: str, certainty: Certainty, names: tuple[str, ...], measures: tuple[Measure, ...]) -> Answer:
    return problem(
        claim,
        certainty,
        to_do=f"Find out when {', '.join(names)} is written; after the question is asked: drop it. Before: declare it.",
        measures=measures,
        witnesses=tuple(Witness(kind="column", where=name) for name in names),
        mend=Mend(kind=MendKind.DROP_COLUMNS, columns=names),
    )
