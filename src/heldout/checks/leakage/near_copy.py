"""Finds columns that are, or nearly are, a copy of the label."""

from collections.abc import Sequence

from heldout.core.check import check
from heldout.core.error_control import alpha_of
from heldout.core.estimate import Estimate, Measure
from heldout.core.finding import Answer, Certainty, Witness, caution, clear, not_applicable, problem
from heldout.core.mend import Mend, MendKind
from heldout.core.profile import ColumnKind, ColumnProfile, LabelKind, LabelProfile, Profile
from heldout.stats import clopper_pearson
from heldout.stats.label_copies import COPY_GATE, FEWER_ERRORS, LEAST_COVERED, MOST_LEVELS, copy_of  # noqa: F401 (page)
from heldout.stats.leaky_columns import renamings
from heldout.stats.single_feature import FEWEST_OF_A_CLASS, single_feature_power

SUSPECT_POWER = 0.995  # AUC or R² of one column alone from which it is suspect
INNOCENT_POWER = 0.97  # what innocent columns of clean tables reach
MINIMUM_EFFECT = 0.9997  # share of 4,000 rows on which the column tells the label


@check("LEK001")
def near_copy(profile: Profile) -> tuple[Answer, ...]:
    """Find columns that copy the label, rename its classes, or tell it alone.

    ## Why it matters
    A model reads such a column instead of learning, and its score says nothing about rows whose outcome is open.

    ## Example
    `alive` (yes, no) beside `survived` (1, 0); `reservation_status` (Canceled, No-Show, Check-Out) beside
    `is_canceled`; a total in another column under another name.

    ## What to do
    Drop the column, unless its value exists before the question is asked: then declare that.

    ## Limits
    `proven`: at most {MOST_LEVELS} values (or as many as classes) determine the class on every row, which chance
    does not explain; or a numeric label is repeated on every row. `strong`: the same on nearly all rows, by a lower
    bound above {COPY_GATE} and above an error {FEWER_ERRORS} times rarer than a guess of the commonest class. Both
    cover at least {LEAST_COVERED} of the rows, {FEWEST_OF_A_CLASS} of them outside the commonest class. `suspect`: an
    out-of-fold AUC (of several classes the lowest) or R² of {SUSPECT_POWER}, with a lower bound above {INNOCENT_POWER},
    as no AUC parts leaks from good columns. Bonferroni over columns. Rows are taken as independent. Identities with
    two columns are LEK005's; a key of few entities, each of one class, looks like a copy. Columns that part the rows
    alike are reported once. It promises to find a column that tells {MINIMUM_EFFECT} of 4,000 rows.
    """
    label, columns = profile.label, [c for c in profile.columns.values() if c.kind is not ColumnKind.EMPTY]
    if label is None or not columns:
        return (not_applicable("The table has no target." if label is None else "The table has no other column."),)
    alpha = alpha_of("leakage") / len(columns)
    powers = {c.name: single_feature_power(c.joint, label.kind, level=1 - 2 * alpha) for c in columns}
    groups = sorted(renamings(columns), key=lambda g: (-(powers[g[0].name].value or 0.0), g[0].name))
    found = [answer for g in groups if (answer := _answer(g, label, powers[g[0].name], alpha))]
    if found:
        problems = [answer for answer in found if answer.certainty]
        return tuple(sorted(problems or found, key=lambda answer: -answer.certainty.rank if answer.certainty else 0))
    best = f"the strongest is {groups[0][0].name}"
    measures = (_power(groups[0][0], label),)
    if all(power.value is None for power in powers.values()):
        return (not_applicable(f"Fewer than {FEWEST_OF_A_CLASS} rows of a class tell no copy from chance."),)
    if any((power.value or 0.0) >= SUSPECT_POWER for power in powers.values()):
        claim = f"Whether a column tells {label.name} alone cannot be told at this n; {best}."
        return (caution(claim, measures=measures),)
    return (clear(f"No column tells {label.name} alone; {best}.", measures=measures),)


def _answer(group: Sequence[ColumnProfile], label: LabelProfile, power: Estimate, alpha: float) -> Answer | None:
    copy = _copies(group, label, alpha)
    return copy if copy and copy.certainty else _tells(group, label, power) or copy


def _copies(group: Sequence[ColumnProfile], label: LabelProfile, alpha: float) -> Answer | None:
    """Answer when the columns determine the label: on all rows proven, on nearly all strong, perhaps so a caution."""
    copy, names = copy_of(group[0], label, alpha), tuple(column.name for column in group)
    if copy is None:
        return None
    found, where = copy.found, ", ".join(names)
    claim = f"{where} {'tell' if len(names) > 1 else 'tells'} {label.name} on {found.agreed:,} of {found.rows:,} rows"
    measure = Measure(name="agreement", estimate=clopper_pearson(found.agreed, found.rows), unit="share")
    witnesses = tuple(Witness(kind="column", where=name, note=copy.note) for name in names)
    to_do = f"Drop {where}, unless the value exists before the question is asked."
    if copy.is_everywhere or copy.is_sure:
        certainty = Certainty.PROVEN if copy.is_everywhere else Certainty.STRONG
        mend = Mend(kind=MendKind.DROP_COLUMNS, columns=names)
        return problem(f"{claim}.", certainty, to_do=to_do, measures=(measure,), witnesses=witnesses, mend=mend)
    claim += f": whether it is a copy cannot be told at this n, as {copy.gate:.2%} is asked for."
    return caution(claim, to_do=to_do, measures=(measure,), witnesses=witnesses)


def _tells(group: Sequence[ColumnProfile], label: LabelProfile, power: Estimate) -> Answer | None:
    """Answer `suspect` when the columns, if no copies, order or predict the label nearly perfectly, out of fold."""
    if power.value is None or power.value < SUSPECT_POWER or (power.low or 0.0) <= INNOCENT_POWER:
        return None
    names = tuple(column.name for column in group)
    where = ", ".join(names)
    return problem(
        f"{where} alone nearly {'tell' if len(names) > 1 else 'tells'} {label.name}.",
        Certainty.SUSPECT,
        to_do=f"Find out when {where} is known: before the question is asked, or with the answer?",
        measures=(_power(group[0], label),),
        witnesses=tuple(Witness(kind="column", where=name) for name in names),
        mend=Mend(kind=MendKind.DROP_COLUMNS, columns=names),
    )


def _power(column: ColumnProfile, label: LabelProfile) -> Measure:
    unit = "R²" if label.kind is LabelKind.REGRESSION else "AUC"
    return Measure(name=f"{column.name} alone", estimate=single_feature_power(column.joint, label.kind), unit=unit)
