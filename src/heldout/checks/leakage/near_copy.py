"""Finds columns that are, or nearly are, a copy of the label."""

from heldout.core.check import check
from heldout.core.error_control import alpha_of
from heldout.core.estimate import Estimate, Measure
from heldout.core.finding import Answer, Certainty, Witness, caution, clear, not_applicable, problem
from heldout.core.profile import ColumnKind, ColumnProfile, LabelKind, LabelProfile, Profile
from heldout.stats import clopper_pearson
from heldout.stats.determination import determination, repetition
from heldout.stats.single_feature import FEWEST_OF_A_CLASS, single_feature_power

COPY_GATE = 0.995  # share of rows on which a near copy agrees with the label, at least
FEWER_ERRORS = 10  # a near copy errs so many times more rarely than the guess of the most frequent class
MOST_LEVELS = 10  # a column of more values (and of more than there are classes) names entities
LEAST_COVERED = 0.5  # share of the labelled rows on which a copy has a value, at least
SUSPECT_POWER = 0.995  # AUC or R² of one column alone from which it is suspect
INNOCENT_POWER = 0.97  # what innocent columns of clean tables reach
MINIMUM_EFFECT = 0.9995  # share of 4,000 rows on which the column tells the label


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
    two columns are not searched here; a key of few entities, each of one class, looks like a copy. It promises to
    find a column that tells {MINIMUM_EFFECT} of 4,000 rows.
    """
    label, columns = profile.label, [c for c in profile.columns.values() if c.kind is not ColumnKind.EMPTY]
    if label is None or not columns:
        return (not_applicable("The table has no target." if label is None else "The table has no other column."),)
    alpha = alpha_of("leakage") / len(columns)
    powers = {c.name: single_feature_power(c.joint, label.kind, level=1 - 2 * alpha) for c in columns}
    ranked = sorted(columns, key=lambda c: (-(powers[c.name].value or 0.0), c.name))
    found = [answer for c in ranked if (answer := _tells(c, label, powers[c.name], _copies(c, label, alpha)))]
    problems = [answer for answer in found if answer.certainty]
    if found:
        return tuple(sorted(problems or found, key=lambda answer: -answer.certainty.rank if answer.certainty else 0))
    best = f"the strongest is {ranked[0].name}"
    measures = (_power(ranked[0], label),)
    if any(power.high is None or power.high >= SUSPECT_POWER for power in powers.values()):
        claim = f"Whether a column tells {label.name} alone cannot be told at this n; {best}."
        return (caution(claim, measures=measures),)
    return (clear(f"No column tells {label.name} alone; {best}.", measures=measures),)


def _copies(column: ColumnProfile, label: LabelProfile, alpha: float) -> Answer | None:
    """Answer when the column determines the label: on all rows proven, on nearly all strong, perhaps so a caution."""
    if label.kind is LabelKind.REGRESSION:
        rows = column.joint[:, :, 0].sum(axis=0)
        found, note = repetition(column.equal_to_label, rows[:-1]), "equal to the label"
    else:
        rows = column.joint.sum(axis=(0, 2))
        found, names = determination(column.joint.sum(axis=0)), (*column.bins, "no value")
        pairs = sorted((c, names[i]) for i, c in enumerate(found.winners) if c >= 0)
        note = "; ".join(f"{name} → {label.classes[c]}" for c, name in pairs)
        if not column.bin_is_value or found.levels > max(MOST_LEVELS, len(label.classes)):
            return None
    is_thin = found.rows - found.largest < FEWEST_OF_A_CLASS or found.rows < LEAST_COVERED * rows.sum()
    if is_thin or found.chance > alpha:
        return None
    gate = max(COPY_GATE, 1 - (1 - found.largest / found.rows) / FEWER_ERRORS)
    bounds = clopper_pearson(found.agreed, found.rows, 1 - 2 * alpha)
    everywhere = found.agreed == found.rows
    claim = f"{column.name} tells {label.name} on {found.agreed:,} of {found.rows:,} rows"
    measure = Measure(name="agreement", estimate=clopper_pearson(found.agreed, found.rows), unit="share")
    witness = Witness(kind="column", where=column.name, note=note)
    to_do = f"Drop {column.name}, unless its value exists before the question is asked."
    if everywhere or (bounds.low or 0.0) > gate:
        certainty = Certainty.PROVEN if everywhere else Certainty.STRONG
        return problem(f"{claim}.", certainty, to_do=to_do, measures=(measure,), witnesses=(witness,))
    if (bounds.high or 0.0) <= gate:
        return None
    claim += f": whether it is a copy cannot be told at this n, as {gate:.2%} is asked for."
    return caution(claim, to_do=to_do, measures=(measure,), witnesses=(witness,))


def _tells(column: ColumnProfile, label: LabelProfile, power: Estimate, copy: Answer | None) -> Answer | None:
    """Answer `suspect` when the column, if no copy, orders or predicts the label nearly perfectly, out of fold."""
    is_weak = power.value is None or power.value < SUSPECT_POWER or (power.low or 0.0) <= INNOCENT_POWER
    if is_weak or (copy and copy.certainty):
        return copy
    return problem(
        f"{column.name} alone nearly tells {label.name}.",
        Certainty.SUSPECT,
        to_do=f"Find out when {column.name} is known: before the question is asked, or with the answer?",
        measures=(_power(column, label),),
        witnesses=(Witness(kind="column", where=column.name),),
    )


def _power(column: ColumnProfile, label: LabelProfile) -> Measure:
    unit = "R²" if label.kind is LabelKind.REGRESSION else "AUC"
    return Measure(name=f"{column.name} alone", estimate=single_feature_power(column.joint, label.kind), unit=unit)
