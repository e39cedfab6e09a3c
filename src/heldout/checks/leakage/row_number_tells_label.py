"""Finds keys of rows whose order tells the label, and files that are sorted by it."""

from heldout.core.check import check
from heldout.core.error_control import alpha_of
from heldout.core.estimate import Estimate, Measure
from heldout.core.finding import Answer, Certainty, Witness, caution, clear, not_applicable, problem
from heldout.core.leakage_evidence import RowOrder, RowRank
from heldout.core.mend import Mend, MendKind
from heldout.core.plural import how_many
from heldout.core.profile import LabelKind, LabelProfile, Profile
from heldout.stats import clopper_pearson
from heldout.stats.single_feature import single_feature_power

LEAST_ROWS = 100  # rows of an order, at least
STRONG_GATE = 0.95  # out-of-fold AUC of a key's order, above which it may be strong
SUSPECT_GATE = (0.75, 0.5)  # AUC or R² above which it is suspect
MOST_CHANGES = 2  # changes of the class along the key for each class, at most: keys were given class by class
MINIMUM_EFFECT = 1.0  # share of 4,000 rows whose key was given by their class


@check("LEK006")
def row_number_tells_label(row_order: RowOrder, profile: Profile) -> Answer | tuple[Answer, ...]:
    """Find keys whose order tells the label, and files whose rows are sorted by it.

    ## Why it matters
    Keys given class by class, or after the outcome, tell the class of a row to any model that can compare numbers.

    ## Example
    The `Id` of a table of irises counts from 1 to 150, species by species.

    ## What to do
    Leave keys out of the features. Shuffle a file that is sorted by the label before anything cuts it into folds.

    ## Limits
    Keys are columns with another value in every row that are named so, are texts, or are whole numbers without large
    gaps. `strong`: along the key the class changes at most {MOST_CHANGES} times per class in {LEAST_ROWS} rows or more,
    and its out-of-fold AUC (of several classes the lowest) exceeds {STRONG_GATE} by a lower bound. Otherwise an AUC or
    R² above {SUSPECT_GATE} is `suspect`: keys that grow with time follow whatever drifts, and rows of one group or time
    stand together in many tables. The order of the file itself is at most a `caution`, as no model sees it. At most
    20,000 rows and five keys are looked at. Bonferroni over orders. It promises to find keys given by class on a share
    of {MINIMUM_EFFECT} of 4,000 rows.
    """
    label = profile.label
    if label is None or not row_order.ranks or row_order.ranks[0].rows < LEAST_ROWS:
        return not_applicable(f"An order of rows asks for a target and {LEAST_ROWS} rows.")
    level = 1 - 2 * alpha_of("leakage") / len(row_order.ranks)
    powers = [single_feature_power(rank.joint, label.kind, level=level) for rank in row_order.ranks]
    pairs = list(zip(row_order.ranks, powers, strict=True))
    keys = [answer for rank, power in pairs[1:] if (answer := _key(rank, power, label))]
    order = _file(*pairs[0], label)
    if keys or order:
        return tuple(keys) or (order or ())
    unknown = next((power for power in powers if power.low is None), None)
    if unknown is not None:
        return caution(f"Whether the order of the rows tells {label.name} is not known: {unknown.undefined_because}.")
    names = ", ".join(rank.column for rank in row_order.ranks if rank.column)
    return clear(f"The order of the rows{f', and by {names},' if names else ''} does not tell {label.name}.")


def _key(rank: RowRank, power: Estimate, label: LabelProfile) -> Answer | None:
    if power.low is None or power.low <= _gate(label):
        return None
    is_sorted = label.kind is not LabelKind.REGRESSION and rank.changes <= MOST_CHANGES * len(label.classes)
    is_strong = is_sorted and power.low > STRONG_GATE
    return problem(
        f"The order of {rank.column} tells {label.name}: its class changes {_times(rank)}."
        if label.classes
        else f"The order of {rank.column} tells {label.name}.",
        Certainty.STRONG if is_strong else Certainty.SUSPECT,
        to_do=f"Leave {rank.column} out of the features, and find out how it was given.",
        measures=_measures(rank, label),
        witnesses=(Witness(kind="column", where=rank.column),),
        mend=Mend(kind=MendKind.DROP_COLUMNS, columns=(rank.column,)),
    )


def _file(rank: RowRank, power: Estimate, label: LabelProfile) -> Answer | None:
    if power.low is None or power.low <= _gate(label):
        return None
    return caution(
        f"The rows stand in an order that tells {label.name}: sorted by it, by time or by group.",
        to_do="Shuffle before folds are cut, unless the order is that of time: then split forward.",
        measures=_measures(rank, label),
    )


def _gate(label: LabelProfile) -> float:
    return SUSPECT_GATE[1] if label.kind is LabelKind.REGRESSION else SUSPECT_GATE[0]


def _measures(rank: RowRank, label: LabelProfile) -> tuple[Measure, ...]:
    unit = "R²" if label.kind is LabelKind.REGRESSION else "AUC"
    name = f"order by {rank.column}" if rank.column else "order of the file"
    changes = clopper_pearson(rank.changes, max(rank.rows - 1, 1))
    return (
        Measure(name=name, estimate=single_feature_power(rank.joint, label.kind), unit=unit),
        Measure(name="rows unlike the one before", estimate=changes, unit="share"),
    )


def _times(rank: RowRank) -> str:
    return f"{how_many(rank.changes, 'time')} in {rank.rows:,} rows"
