"""Finds columns that make the label by arithmetic, or a column that gives it away."""

from collections.abc import Mapping, Sequence

from heldout.core.check import check
from heldout.core.error_control import alpha_of
from heldout.core.estimate import Measure, counted
from heldout.core.finding import Answer, Certainty, Witness, clear, not_applicable, problem
from heldout.core.leakage_evidence import Identities, Identity
from heldout.core.mend import Mend, MendKind
from heldout.core.profile import Profile
from heldout.stats import clopper_pearson
from heldout.stats.leaky_columns import leaky_columns
from heldout.stats.named_power import bounded, gate_of

LEAST_AGREEMENT = 0.999  # share of the rows on which an equation holds, at least
LARGEST_CHANCE = 0.5  # share of rows on which it would with the values of other rows, at most
LEAST_ROWS = 100  # rows on which an equation is tried, at least
TIED_GATE = (0.65, 0.3)  # AUC or R² of a column alone, from which a tie to one that gives the label away blames it
COMPARED = ("comparison", "difference")
"""Equations of which one side may be known before: a goal beside what was pledged, a start beside an end."""
MINIMUM_EFFECT = 1.0  # share of 4,000 rows on which the equation holds


@check("LEK005")
def arithmetic_identity(identities: Identities, profile: Profile) -> Answer | tuple[Answer, ...]:
    """Find columns that make the label by arithmetic, or a column that gives it away.

    ## Why it matters
    A model adds up what the label is the sum of, and predicts nothing.

    ## Example
    `casual + registered = cnt` on every row of the bike rentals; `total - fare - tip - tolls` takes 19 values for 6,433
    taxi rides; a match's winner is told by which of two final scores is larger.

    ## What to do
    Drop the columns, unless they exist before the question is asked: then the label can be computed, not predicted.

    ## Limits
    Searched on 2,000 rows and at most 400 columns, confirmed on all: y = a ± b, ab, a/b up to a constant; sums of more
    columns up to a handful of values; copies in another unit; what lies between two times, of the clock (HHMM) too;
    and y told by which of two columns is larger. `proven`: on at least {LEAST_AGREEMENT} of {LEAST_ROWS} rows or more,
    and with one column's values from other rows on at most {LARGEST_CHANCE}. The same equations, and products that
    follow closely, between columns of which one gives the label away: `strong` for the one of the others that tells
    the label by itself ({TIED_GATE}, AUC or R² by a lower bound) and more than the rest; of a comparison or difference
    such a one is blamed alone. Plans and starts are not blamed. Only that bound spends of the error budget. It promises
    to find an equation that holds on a share of {MINIMUM_EFFECT} of 4,000 rows.
    """
    label = profile.label
    if label is None or identities.columns < 1:
        return not_applicable("No other column holds numbers or times.")
    if identities.rows < LEAST_ROWS:
        return not_applicable(f"An equation is tried on {LEAST_ROWS} rows or more, and there are {identities.rows}.")
    held = [identity for identity in identities.found if _is_held(identity)]
    leaky, seen, answers = leaky_columns(profile), set[str](), []
    for identity in sorted(held, key=lambda one: (not one.is_label, len(one.columns), -one.agreed)):
        columns = _making(identity, profile) if identity.is_label else _tied(identity, profile, leaky)
        if columns and not set(columns) <= seen:
            seen.update(columns)
            answers.append(_answer(identity, tuple(columns)))
    if answers:
        return tuple(answers)
    number = Measure(name="columns searched", estimate=counted(identities.columns, n=identities.rows), unit="columns")
    return clear(f"No equation of {identities.columns} columns makes {label.name}.", measures=(number,))


def _is_held(identity: Identity) -> bool:
    is_explained = identity.kind != "comparison" and identity.chance > LARGEST_CHANCE
    agrees = identity.agreed >= LEAST_AGREEMENT * identity.rows
    return identity.rows >= LEAST_ROWS and agrees and not is_explained


def _making(identity: Identity, profile: Profile) -> Sequence[str]:
    """Return the columns that an equation of the label blames: of two compared, one that alone tells more, if so."""
    if identity.kind not in COMPARED or len(identity.columns) != 2:
        return identity.columns
    return _best(identity, profile) or identity.columns


def _tied(identity: Identity, profile: Profile, leaky: Mapping[str, str]) -> Sequence[str]:
    """Return the column that a tie blames: it tells the label by itself, and more than all others of the tie."""
    best = _best(identity, profile) if identity.result in leaky else ()
    return () if set(best) & set(leaky) else best


def _best(identity: Identity, profile: Profile) -> tuple[str, ...]:
    """Return the column that tells the label by itself, and more than the others do, where one does."""
    label, names = profile.label, [name for name in identity.columns if name in profile.columns]
    if label is None or len(names) < 2:
        return ()
    gate = gate_of(TIED_GATE, label.kind)
    powers = {name: bounded(profile.columns[name], label, alpha_of("leakage") / len(names)) for name in names}
    best = max(names, key=lambda name: powers[name].value or 0.0)
    rest = max(powers[name].high or 1.0 for name in names if name != best)
    return (best,) if (powers[best].low or 0.0) > max(gate, rest) else ()


def _answer(identity: Identity, columns: tuple[str, ...]) -> Answer:
    where = ", ".join(columns)
    tie = "" if identity.is_label else f", and {identity.result} gives the label away"
    return problem(
        f"{identity.text}, on {identity.agreed:,} of {identity.rows:,} rows{tie}.",
        Certainty.PROVEN if identity.is_label else Certainty.STRONG,
        to_do=f"Drop {where}, unless known before the question is asked: then compute the label instead.",
        measures=(
            Measure(name="agreement", estimate=clopper_pearson(identity.agreed, identity.rows), unit="share"),
            Measure(name="agreement by chance", estimate=counted(identity.chance, n=identity.rows), unit="share"),
        ),
        witnesses=tuple(Witness(kind="column", where=name, note=identity.text) for name in columns),
        mend=Mend(kind=MendKind.DROP_COLUMNS, columns=columns),
    )
