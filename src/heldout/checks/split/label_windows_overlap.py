"""Finds rows of one series whose labels look at the same time."""

from heldout.core.check import check
from heldout.core.estimate import Measure, counted
from heldout.core.finding import Answer, Certainty, Witness, caution, clear, not_applicable, problem
from heldout.core.mend import Mend, MendKind
from heldout.core.split_evidence import LabelWindows

GATE = 0.005  # share of the test rows up to which shared windows cannot move a score
INDEPENDENT = 0.9  # share of the rows that they are worth, from which overlaps are clear
MINIMUM_EFFECT = 0.02
"""Share of the test rows that are drawn from the time of train, with labels that look a week ahead."""


@check("SPL010")
def label_windows_overlap(label_windows: LabelWindows) -> Answer:
    """Find rows of one series whose labels look at the same stretch of time.

    ## Why it matters
    Two rows a day apart whose label is "within a week" share six days of their answer. On both sides of a split one
    gives the other away; on one side they count as two and are worth little more than one.

    ## Example
    Daily rows of a share with the label "higher in 20 days": 1,000 rows are worth about 50.

    ## What to do
    Split forward in time and leave a horizon between train and test; drop train rows whose window reaches into the
    test. Give intervals by series or by blocks of time, or weigh rows by their average uniqueness.

    ## Limits
    It counts rows by the declared time, horizon and entity, so it needs no error budget; without an entity the table
    has to be one series. Rows are worth the sum of their average uniqueness (López de Prado 2018, ch. 4.2), which is an
    effective number for labels that are sums over their windows. It is a problem when test is not after train and more
    than {GATE} of the test rows share a window with train; a test after train is SPL004's, and overlaps within train
    are a caution when rows are worth less than {INDEPENDENT} of their number. It promises to find a share of
    {MINIMUM_EFFECT} of the test rows.
    """
    found = label_windows
    share, worth = found.overlapping / found.rows, found.effective_rows / found.rows
    series = f" of one {found.entity}" if found.entity else ""
    measures = [
        Measure(name="rows that share a label window", estimate=counted(share, n=found.rows), unit="share"),
        Measure(name="rows that these are worth", estimate=counted(found.effective_rows, n=found.rows), unit="rows"),
    ]
    witnesses = [Witness(kind="column", where=found.column, note=f"labels look {found.horizon} ahead")]
    is_forward = found.not_after <= GATE * max(found.test_rows, 1)
    inside = found.test_inside / found.test_rows if found.test_rows else 0.0
    if found.has_test and found.test_rows:
        estimate = counted(inside, n=found.test_rows)
        measures.append(Measure(name="test rows that share a window with train", estimate=estimate, unit="share"))
    if not is_forward and inside > GATE:
        claim = (
            f"{found.test_inside:,} of {found.test_rows:,} test rows lie less than {found.horizon} from a train row"
            f"{series}: their labels look at the same time, and test is not after train."
        )
        to_do = f"Split forward by {found.column} with a gap of {found.horizon}."
        mend = Mend(kind=MendKind.SPLIT_FORWARD, columns=(found.column,), gap=found.horizon)
        return problem(claim, Certainty.PROVEN, to_do=to_do, measures=measures, witnesses=witnesses, mend=mend)
    told = f"{found.overlapping:,} of {found.rows:,} rows{series} share part of their label window with another"
    if worth < INDEPENDENT:
        claim = f"{told}: they are worth about {found.effective_rows:,.0f} independent rows"
        claim += "." if found.has_test else ", and a random split would share windows."
        to_do = f"Take intervals over series or blocks of {found.horizon}; split forward with that gap."
        return caution(claim, to_do=to_do, measures=measures, witnesses=witnesses)
    if not found.rows:
        return not_applicable("No row has a time and a series.")
    return clear(f"{told}.", measures=measures, witnesses=witnesses)
