"""Asks how the reported score and the rerun go together."""

from heldout.core.card import Card, Price
from heldout.core.estimate import Estimate, Measure, undefined
from heldout.core.walkthrough import Anchors, Source, Worth
from heldout.evals.submission import Submission
from heldout.evals.walkthrough.phrases import direction, found, quote, score, source_of
from heldout.evals.walkthrough.question import Asked, question
from heldout.report.figures import number
from heldout.stats import interval_difference


@question("reported")
def reported(card: Card, contract: Submission) -> Asked | str:
    """Ask where a difference went, or whether an agreement is more than luck."""
    said, again = contract.reported, card.supported
    if card.reported is None:
        return "the submission reports no value of the brief's metric"
    if again is None or again.value is None:
        return "there is no rerun score to put beside the reported one"
    own = _own(card.reported, said.low, said.high)
    gap = interval_difference(own, again, sign=direction(card.metric))
    sources = [
        Source(kind="file", where="submission.toml", note=f"reported.value = {said.value:g}"),
        Source(kind="card", where="supported", note=f"{score(again)}, n = {again.n:,}"),
    ]
    sources += [source_of(one) for one in (found(card, "COL007"), found(card, "COL006")) if one and one.answer.measures]
    how = f"You report {card.metric} {number(own.value)}, {quote(said.evaluated)}. The rerun on the final rows gives "
    how += f"{number(again.value, decimals=3)}."
    make = _agrees if _holds(again, own) else _differs
    return make(card, how, own, gap, tuple(sources))


def _own(value: float, low: float | None, high: float | None) -> Estimate:
    if low is None or high is None:
        return undefined("none was reported", n=0, method="quoted", value=value)
    return Estimate(value=value, low=low, high=high, n=0, method="quoted")


def _holds(again: Estimate, own: Estimate) -> bool:
    """Tell whether the rerun lies in the reported interval, or without one the reported value in the rerun's."""
    if own.low is not None and own.high is not None:
        return own.low <= (again.value or 0.0) <= own.high
    low, high = again.low, again.high
    return low is not None and high is not None and low <= (own.value or 0.0) <= high


def _agrees(card: Card, how: str, own: Estimate, gap: Estimate, sources: tuple[Source, ...]) -> Asked:
    assert card.supported is not None
    reach = "How far apart they could have been cannot be said: the report has no interval."
    if gap.low is not None and gap.high is not None:
        reach = f"With these two errors, any difference within ± {number((gap.high - gap.low) / 2, decimals=3)} would "
        reach += "have looked like agreement."
    beside = f"The report's interval is {score(own)}" if own.is_defined else "The report has no interval"
    return Asked(
        worth=Worth.ALWAYS,
        text=f"{how} Is that agreement, or luck? How far apart could the two have been before you would have worried?",
        answer=(
            f"Reported less rerun is {score(gap, signed=True)}, above 0 where the report flatters.",
            f"{beside}; the rerun's is {score(card.supported)} on {card.supported.n:,} rows, which are other rows.",
            reach,
        ),
        figures=(Measure(name="reported less rerun", estimate=gap, unit=card.metric),),
        sources=sources,
        anchors=Anchors(
            junior="Says that the two are near one another.",
            mid="Asks for the interval of each before comparing them.",
            senior=f"Works out the difference, {score(gap, signed=True)}, and says that overlapping intervals are no "
            "test of it; names what differs between the two sets of rows.",
            staff="Says beforehand which difference would have been a reason to stop, and how many clusters the own "
            "evaluation would have needed to see it.",
        ),
    )


def _differs(card: Card, how: str, own: Estimate, gap: Estimate, sources: tuple[Source, ...]) -> Asked:
    priced, rest = _priced(card.prices, gap)
    measures = [Measure(name="reported less rerun", estimate=gap, unit=card.metric)]
    if rest is not None:
        left = undefined("prices and gap are of different rows", n=0, method="difference", value=rest)
        measures.append(Measure(name="not priced", estimate=left, unit=card.metric))
    without = "" if own.is_defined else ", without an interval as none was reported"
    largest = card.prices[0].what if card.prices else "other rows, another protocol, or chance"
    return Asked(
        worth=Worth.PROBLEM if card.prices else Worth.FIGURES,
        text=f"{how} Where did the difference go? Put the parts in order of size, and say how you would measure each.",
        answer=(f"The difference is {score(gap, signed=True)}{without}.", *priced),
        figures=tuple(measures),
        sources=(*sources, *([Source(kind="card", where="prices")] if card.prices else [])),
        anchors=Anchors(
            junior="Names one cause that is really there, in the split or in the columns.",
            mid=f"Names all that were found, and the largest: {largest}.",
            senior="Gives their sizes, says that mending one first or last gives two numbers, and why; says how much "
            f"of the {score(gap, signed=True)} none of them explains.",
            staff="Says what the report should have been: a protocol that cannot see later rows, an interval over days "
            "or people instead of rows, and who would have read it before it was quoted.",
        ),
    )


def _priced(prices: tuple[Price, ...], gap: Estimate) -> tuple[tuple[str, ...], float | None]:
    """Say what each problem is worth, and what is left when all are mended one after the other."""
    known = [one for one in prices if one.first_in.value is not None and one.last_in.value is not None]
    if not known or gap.value is None:
        return ("No part of it was priced: it can be other rows, another protocol, or chance.",), None
    told = [
        f"By reruns, {one.what} is worth {score(one.first_in)} mended first, {score(one.last_in)} last."
        for one in known
    ]
    both = sum(((one.last_in if place else one.first_in).value or 0.0) for place, one in enumerate(known))
    rest = gap.value - both
    told.append(
        f"All mended one after the other take {number(both, decimals=3)}; {number(rest, decimals=3)} has no price: "
        "other rows, another time of year, fewer rows to learn from."
    )
    return tuple(told), rest
