"""Finds columns that look like what a model said of the label."""

from heldout.core.check import check
from heldout.core.column_names import words_of
from heldout.core.error_control import alpha_of
from heldout.core.evidence import Availability
from heldout.core.finding import Answer, Certainty, Witness, clear, not_applicable, problem
from heldout.core.mend import Mend, MendKind
from heldout.core.plural import how_many
from heldout.core.profile import ColumnKind, ColumnProfile, LabelProfile, Profile
from heldout.stats.leaky_columns import leaky_columns, renamings
from heldout.stats.named_power import alone, bounded, gate_of
from heldout.stats.score_shape import FEWEST_VALUES, LARGEST_ERROR, is_calibrated, is_score_like  # noqa: F401 (page)

MODEL_WORDS = frozenset(
    words_of(
        "prob proba probability pred preds predicted prediction predictions likelihood logit propensity yhat "
        "classifier xgb xgboost lgbm lightgbm catboost gbm bayes logreg softmax"
    )
)
"""Words that name what a model gives out."""
SCORE_WORDS = MODEL_WORDS | frozenset(words_of("score scores scored risk model segment grade rating confidence"))
"""Words that may: a credit score is bought before the question is asked."""
POWER_GATE = (0.75, 0.5)  # AUC and R² that the column alone exceeds
MINIMUM_EFFECT = 3.0  # distance of the classes' mean log odds in the score, in standard deviations


@check("LEK007")
def model_output_as_feature(profile: Profile, availability: Availability | None = None) -> tuple[Answer, ...]:
    """Find columns that look like what a model said of the label.

    ## Why it matters
    A score that was fitted on these labels carries them; on rows whose outcome is open it is worth far less.

    ## Example
    `Naive_Bayes_Classifier_Attrition_Flag_1` in a table of card holders; `Churn Score` beside `Churn Value`.

    ## What to do
    Find out which model made it, from which rows, and when. If it saw these labels, or comes after them: drop it.

    ## Limits
    `strong` asks for three things. A name: a word such as score, risk or predicted. A shape: at least {FEWEST_VALUES}
    values in [0, 1] or [0, 100]; and either a word that models alone have, or shares of the positive class in its bins
    that lie within {LARGEST_ERROR} of its values. And power: an out-of-fold AUC (of several classes the lowest) or R²
    of the column alone above {POWER_GATE} by a lower bound, Bonferroni over columns. Name and power without the shape
    are `suspect`: an exam's score or a bought credit score may be innocent, and what is declared as known in time is
    not doubted. Names are read in English. It promises to
    find a score whose log odds part two classes by {MINIMUM_EFFECT} standard deviations in 4,000 rows.
    """
    label, columns = profile.label, [c for c in profile.columns.values() if c.kind is not ColumnKind.EMPTY]
    if label is None or not columns:
        return (not_applicable("The table has no target." if label is None else "The table has no other column."),)
    leaky, alpha = leaky_columns(profile), alpha_of("leakage") / len(columns)
    known = frozenset() if availability is None else availability.known
    named = [
        group
        for group in renamings(columns)
        if SCORE_WORDS & {word for column in group for word in words_of(column.name)}
        and not any(column.name in leaky or column.name in known for column in group)
    ]
    found = [answer for group in named if (answer := _answer(group, label, alpha))]
    if found:
        return tuple(found)
    return (clear(f"None of {how_many(len(columns), 'column')} looks like a model's answer to {label.name}."),)


def _answer(group: tuple[ColumnProfile, ...], label: LabelProfile, alpha: float) -> Answer | None:
    column, names = group[0], tuple(column.name for column in group)
    power = bounded(column, label, alpha)
    if power.low is None or power.low <= gate_of(POWER_GATE, label.kind):
        return None
    is_a_models = bool(MODEL_WORDS & {word for name in names for word in words_of(name)})
    calibrated = is_calibrated(column, label)
    is_strong = calibrated or (is_a_models and is_score_like(column))
    shape = " whose values are the shares of its positives" if calibrated else ""
    return problem(
        f"{', '.join(names)} is named like a score{shape}, and tells {label.name} by itself.",
        Certainty.STRONG if is_strong else Certainty.SUSPECT,
        to_do="Find out which model made it, from which rows and when; if it saw these labels, drop it.",
        measures=(alone(column, label),),
        witnesses=tuple(Witness(kind="column", where=name) for name in names),
        mend=Mend(kind=MendKind.DROP_COLUMNS, columns=names),
    )
