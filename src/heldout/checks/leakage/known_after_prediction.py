"""Finds times in a row that lie after the moment at which the row is predicted."""

from heldout.core.check import check
from heldout.core.estimate import Measure, counted
from heldout.core.finding import Answer, Certainty, Witness, caution, clear, not_applicable, problem
from heldout.core.mend import Mend, MendKind
from heldout.core.runs_evidence import EventColumn, EventTimes

GATE = 0.005  # share of rows up to which later times are a caution: clock errors and mended records
MINIMUM_EFFECT = 0.01
"""Share of rows whose event is dated after the prediction."""


@check("LEK011")
def known_after_prediction(event_times: EventTimes) -> tuple[Answer, ...]:
    """Find columns whose own date says that they were written after the moment of the prediction.

    ## Why it matters
    A row that holds a later time was written later. That time, its being there and all that is computed from it
    (durations, counts, a status) are not known when the question is asked.

    ## Example
    Taxi rides that are dated by their pickup hold the time of the drop-off: with it the length of the ride is known,
    and nearly its price.

    ## What to do
    Drop the column and what is computed from it, or join features as they were at the row's time.

    ## Limits
    Compared is each column of dates or timestamps with the declared time, at the coarser resolution of the two, so
    that a date is not after a moment of its own day, and beyond a minute, for clocks. It counts rows and needs no
    error budget: `proven` above a share of {GATE} where the name or odd minutes and seconds speak of a recorded event,
    below it a caution. A date that may be planned is `suspect`; one whose name says so (due, scheduled, expires) and
    one a fixed span after the declared time (another time zone, a computed deadline) are a caution. A number that was
    computed from a later time is not seen, nor whether a value was changed later. It promises to find {MINIMUM_EFFECT}.
    """
    compared = [column for column in event_times.columns if column.rows]
    if not compared:
        return (not_applicable(f"No row holds another date or timestamp beside {event_times.time}."),)
    answers = [_answer(column, event_times.time) for column in compared if column.later]
    problems = [answer for answer in answers if answer.certainty]
    if answers:
        return tuple(sorted(problems or answers, key=lambda a: -a.certainty.rank if a.certainty else 0))
    names = ", ".join(column.column for column in compared[:5]) + (" and others" if len(compared) > 5 else "")
    measures = tuple(_measure(column) for column in compared[:5])
    return (clear(f"No row holds a time after {event_times.time}, in {names}.", measures=measures),)


def _answer(column: EventColumn, time: str) -> Answer:
    name = column.column
    claim = f"{name} is later than {time} in {column.later:,} of {column.rows:,} rows, by {column.delay} in the middle"
    rows = ", ".join(f"{row:,}" for row in column.examples)
    witnesses = (Witness(kind="column", where=name, note=f"{column.why}; rows {rows}".lstrip("; ")),)
    measures = (_measure(column),)
    if column.kind in ("plan", "offset"):
        to_do = f"Make sure that {name} is known at {time}, and not what happened after it."
        return caution(f"{claim}; {column.why}.", to_do=to_do, measures=measures, witnesses=witnesses)
    if column.later <= GATE * column.rows:
        return caution(f"{claim}: so few may be slips of a clock.", measures=measures, witnesses=witnesses)
    return problem(
        f"{claim}; {column.why}.",
        Certainty.PROVEN if column.kind == "event" else Certainty.SUSPECT,
        to_do=f"Drop {name} and what is computed from it, or say that it is planned before {time}.",
        measures=measures,
        witnesses=witnesses,
        mend=Mend(kind=MendKind.DROP_COLUMNS, columns=(name,)),
    )


def _measure(column: EventColumn) -> Measure:
    share = counted(column.later / column.rows, n=column.rows)
    return Measure(name=f"{column.column} later", estimate=share, unit="share")
