"""Finds masses of a column (no value, zero, one level) whose rows nearly all have one class."""

from collections.abc import Sequence

from heldout.core.check import check
from heldout.core.estimate import Measure
from heldout.core.finding import Answer, Certainty, Witness, caution, clear, not_applicable, problem
from heldout.core.mend import Mend, MendKind
from heldout.core.profile import LabelKind, LabelProfile, Mass, Profile
from heldout.stats import clopper_pearson
from heldout.stats.leaky_columns import copies_in, renamings
from heldout.stats.pure_masses import (  # noqa: F401 (quoted by the page)
    FEWER_ERRORS,
    JUMP,
    LEAST_COVERAGE,
    LEAST_PURITY,
    LEAST_ROWS,
    LEAST_SHARE,
    POINT_MASS,
    pure_masses,
)

MINIMUM_EFFECT = 0.97  # share of 4,000 rows on which a field is filled by the outcome


@check("LEK002")
def mass_point_purity(profile: Profile) -> tuple[Answer, ...]:
    """Find columns whose being empty, being zero or having one value gives a class away.

    ## Why it matters
    Fields that are filled in after the outcome betray it by being filled at all. A column's AUC stays modest when it
    speaks for a part of the rows only, and tools that drop the nulls see nothing.

    ## Example
    Of the Titanic's passengers with a `boat` number 97 % survived. `expenditure` is above zero for holders of the
    card that was applied for, and for nobody else.

    ## What to do
    Find out when the field is filled. After the outcome: drop it, and what is computed from it. Before: declare it.

    ## Limits
    A mass is no value, a value, zero, not zero, or one level, of at least {LEAST_ROWS} rows and {LEAST_SHARE} of all.
    It fires when the share of a class in it exceeds both {LEAST_PURITY} and an error {FEWER_ERRORS} times rarer than
    at base, by an exact binomial bound, Holm-corrected over all masses and classes, and the mass covers at least
    {LEAST_COVERAGE} of the class. Being empty or zero is a structure (`strong`), zero only where it has {POINT_MASS}
    times the rows of the next value, as it is the lowest of counts, and the odds of a class change {JUMP} times from
    zero to the values beside it, as it may follow a trend; one level alone, or one of the two values of a flag, is
    `suspect`. Columns that share their empty rows, by their counts per class, or part the rows alike are reported once,
    copies of the label by LEK001 alone. Classes only: a numeric label has no purity. Rows are taken as independent. It
    promises to find a field that is filled by the outcome on a share of {MINIMUM_EFFECT} of 4,000 rows.
    """
    label = profile.label
    if label is None or label.kind is LabelKind.REGRESSION:
        return (not_applicable("Purity asks for a target of classes."),)
    found = pure_masses(profile)
    if not found.examined:
        return (not_applicable(f"No value, level or gap of a column holds {found.least:g} rows."),)
    copies = copies_in(profile)
    pure = [(mass, c) for mass, c in found.pure if mass.column not in copies]
    if pure:
        return _answers(pure, profile, label)
    if found.undecided:
        names = ", ".join(found.undecided)
        return (caution(f"These columns nearly give a class away, which may be chance at this n: {names}."),)
    beside = " beside the copies of it" if found.pure else ""
    return (clear(f"None of {found.examined} masses gives a class of {label.name} away{beside}."),)


def _answers(found: Sequence[tuple[Mass, int]], profile: Profile, label: LabelProfile) -> tuple[Answer, ...]:
    """Answer once per column, by its most telling mass, and once for columns that share their empty or other rows."""
    pure = sorted(
        found, key=lambda case: (not case[0].is_structural, -case[0].counts[case[1]], case[0].column, case[0].state)
    )
    first = {column.name: group[0].name for group in renamings(profile.columns.values()) for column in group}
    blocks: dict[tuple[object, ...], list[tuple[Mass, int]]] = {}
    seen: set[str] = set()
    for mass, c in pure:
        if mass.column not in seen:
            seen.add(mass.column)
            is_gap = mass.state in ("null", "not null")
            key = (mass.state, mass.counts) if is_gap else (first[mass.column], mass.is_structural)
            blocks.setdefault(key, []).append((mass, c))
    return tuple(_answer([mass for mass, _ in block], block[0][1], label) for block in blocks.values())


def _answer(block: Sequence[Mass], c: int, label: LabelProfile) -> Answer:
    names = sorted(mass.column for mass in block)
    mass, hits, rows = block[0], block[0].counts[c], sum(block[0].counts)
    where = ", ".join(names)
    return problem(
        f"Where {where} is {mass.state}, {label.name} is {label.classes[c]} in {hits:,} of {rows:,} rows.",
        Certainty.STRONG if mass.is_structural else Certainty.SUSPECT,
        to_do=f"Find out when {where} is filled in; if after the outcome, drop it and what is computed from it.",
        measures=(
            Measure(name=f"{label.classes[c]} where {mass.state}", estimate=clopper_pearson(hits, rows), unit="share"),
            Measure(
                name=f"{label.classes[c]} at base",
                estimate=clopper_pearson(label.counts[c], sum(label.counts)),
                unit="share",
            ),
            Measure(name="coverage of the class", estimate=clopper_pearson(hits, label.counts[c]), unit="share"),
        ),
        witnesses=tuple(Witness(kind="column", where=name, note=mass.state) for name in names),
        mend=Mend(kind=MendKind.DROP_COLUMNS, columns=tuple(names)),
    )
