"""What questions on the worst day share: what happened on it, in sentences and in figures."""

from dataclasses import dataclass

from heldout.core.card import Card
from heldout.core.estimate import Measure, counted
from heldout.core.walkthrough import Source
from heldout.evals.walkthrough.evidence import Drift, WorstDay
from heldout.evals.walkthrough.phrases import bare, figure, score
from heldout.report.figures import amount, number
from heldout.report.text import NAME, clip

__all__ = ["Told", "tell"]

STILL = 0.1
"""Below this PSI no column has moved, as is the custom."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A day in words: how a question names it, the sentences of the answer, its figures, where they stand."""

    named: str
    sentences: tuple[str, ...]
    figures: tuple[Measure, ...]
    source: Source


def tell(card: Card, day: WorstDay, drift: Drift) -> Told:
    """Tell what the day was like: outcomes, the metric, and which column had moved most."""
    unit, was = ("share", "of its rows were positive") if _are_shares(day) else ("", "was the mean of its target")
    moved = _moved(drift, day.day)
    n = day.observed.n
    psi = tuple(Measure(name=f"PSI of {name} that day", estimate=counted(value, n=n)) for name, value in moved[:1])
    return Told(
        named=f"Of {day.days} days in the final rows, {day.day} is the one on which outcomes were furthest from what "
        "your model expected.",
        sentences=(
            f"That day {figure(day.observed, unit)} {was}, and the predictions expected {amount(day.expected, unit)}; "
            f"on the other days it was {bare(day.usual, unit)}.",
            f"{card.metric} was {score(day.metric)} that day, and {score(day.others)} on the others.",
            _told(moved),
        ),
        figures=(
            Measure(name="observed that day", estimate=day.observed, unit=unit),
            Measure(name="expected that day", estimate=counted(day.expected, n=n), unit=unit),
            Measure(name=f"{card.metric} that day", estimate=day.metric),
            Measure(name=f"{card.metric} on the other days", estimate=day.others),
            *psi,
        ),
        source=Source(kind="holdout", where="eval/answers/final.parquet", note=f"the rows of {day.day}"),
    )


def _are_shares(day: WorstDay) -> bool:
    return 0 <= day.expected <= 1 and 0 <= (day.observed.value or 0.0) <= 1 and 0 <= (day.usual.value or 0.0) <= 1


def _moved(drift: Drift, day: str) -> list[tuple[str, float]]:
    """Return the columns by how far they moved on a day, most first."""
    if day not in drift.days:
        return []
    place = drift.days.index(day)
    values = [(clip(name, NAME), values[place]) for name, values in drift.psi.items()]
    return sorted(((name, one) for name, one in values if one is not None), key=lambda pair: (-pair[1], pair[0]))


def _told(moved: list[tuple[str, float]]) -> str:
    if not moved:
        return "How far its columns had moved that day is not known."
    name, most = moved[0]
    if most < STILL:
        return f"None of the model's columns had moved: PSI is {number(most, decimals=2)} at most, for {name}."
    rest = f", then {moved[1][0]} with {number(moved[1][1], decimals=2)}" if moved[1:] else ""
    return f"Of the model's columns {name} had moved most: PSI {number(most, decimals=2)} against training{rest}."
