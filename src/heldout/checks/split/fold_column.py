"""Looks at a column that numbers folds or marks parts: what folds share, and whether it is left among the features."""

from heldout.core.check import check
from heldout.core.estimate import Measure, counted
from heldout.core.finding import Answer, Certainty, Witness, caution, clear, problem
from heldout.core.mend import Mend, MendKind
from heldout.core.plural import how_many
from heldout.core.split_evidence import FoldColumn

GATE = 0.005  # share of the rows up to which shared entities or copies cannot move a score
BALANCE = 0.5  # size of the smallest fold against the largest one, at least
MINIMUM_EFFECT = 0.01
"""Share of the rows that are given to another fold than their entity."""


@check("SPL011")
def fold_column(folds: FoldColumn) -> tuple[Answer, ...]:
    """Ask what the folds of a fold column share, in entities, copies and time.

    ## Why it matters
    Cross-validation is as honest as its folds. An entity in two of them, copies in two of them, or folds that are mixed
    in time let every model be scored on what it has met. And a fold number left among the features is noise at best.

    ## Example
    Five folds were numbered by row, and each patient has three rows: nine patients in ten are in several folds.

    ## What to do
    Number the folds by entity and in order of time (`heldout split --folds`), and name the column with `--fold`.

    ## Limits
    It counts rows, so it needs no error budget: an entity in two folds is `proven` above {GATE} of the rows, when
    entity and folds are declared. The rest cautions: copies (on 100,000 rows), as a table that repeats itself has them
    under any random folds; folds out of order in time, as folds of groups have no order; folds smaller than {BALANCE}
    of the largest; a column that was found by its name and values alone. It promises to find {MINIMUM_EFFECT} of the
    rows given to another fold than their entity.
    """
    answers = [answer for answer in (_entities(folds), _told(folds)) if answer is not None]
    if answers:
        return tuple(answers)
    measures = (Measure(name="rows", estimate=counted(sum(folds.sizes), n=sum(folds.sizes)), unit="rows"),)
    what = f"{how_many(len(folds.sizes), 'fold')} of {folds.column}"
    held = f" each {folds.entity} is in one of them," if folds.entity else ""
    return (clear(f"The {what} hold up:{held} {_sizes(folds)}.", measures=measures),)


def _entities(folds: FoldColumn) -> Answer | None:
    if not folds.keyed or not folds.straddling:
        return None
    share = folds.straddling / folds.keyed
    name = f"rows whose {folds.entity} is in another fold"
    measures = (Measure(name=name, estimate=counted(share, n=folds.keyed), unit="share"),)
    witnesses = (Witness(kind="column", where=folds.entity, note=f"folds by {folds.column}"),)
    claim = f"{folds.straddling:,} of {folds.keyed:,} rows have a {folds.entity} that is in another fold of "
    claim += f"{folds.column} too."
    to_do = f"Number the folds so that each {folds.entity} is in one."
    if share <= GATE or not folds.is_declared:
        return caution(claim, to_do=to_do, measures=measures, witnesses=witnesses)
    mend = Mend(kind=MendKind.SPLIT_BY_GROUP, columns=(folds.entity,))
    return problem(claim, Certainty.PROVEN, to_do=to_do, measures=measures, witnesses=witnesses, mend=mend)


def _told(folds: FoldColumn) -> Answer | None:
    """Caution about what a person should know of the folds; None where there is nothing."""
    said = []
    if folds.compared and folds.copied > GATE * folds.compared:
        said.append(f"{folds.copied / folds.compared:.1%} of the rows equal a row of another fold")
    if folds.in_order is False:
        said.append(f"the folds are mixed in time ({folds.time})")
    if not folds.marks_parts and folds.sizes and min(folds.sizes) < BALANCE * max(folds.sizes):
        said.append(f"the smallest fold has {min(folds.sizes):,} rows and the largest {max(folds.sizes):,}")
    if folds.marks_parts:
        said.append(f"it marks parts ({_sizes(folds)}), so give the rows of each part as --train and --test")
    if not folds.is_declared:
        said.append("it was found by its name, and is taken for a feature unless --fold or --drop says otherwise")
    if not said:
        return None
    compared = max(folds.compared, 1)
    return caution(
        f"{folds.column}: {'; '.join(said)}.",
        to_do=f"Name {folds.column} with --fold or leave it out with --drop; number folds by group and time.",
        measures=(Measure(name="rows copied to another fold", estimate=counted(folds.copied / compared, n=compared)),),
        witnesses=(Witness(kind="column", where=folds.column),),
    )


def _sizes(folds: FoldColumn) -> str:
    shown = [f"{name}: {rows:,}" for name, rows in zip(folds.names, folds.sizes, strict=True)]
    return ", ".join(shown[:5]) + (", ..." if len(shown) > 5 else "")
