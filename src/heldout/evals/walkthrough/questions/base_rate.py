"""Asks what the metric is at the base rate of another time."""

from heldout.core.card import Card
from heldout.core.estimate import Measure
from heldout.core.walkthrough import Anchors, Source, Worth
from heldout.evals.walkthrough.evidence import Period
from heldout.evals.walkthrough.phrases import bare, figure, score
from heldout.evals.walkthrough.question import Asked, question
from heldout.report.figures import amount, number

SAME = 1e-9
"""Up to so much the metric does not depend on the base rate."""


@question("base rate", by_labels=True)
def base_rate(card: Card, period: Period) -> Asked | str:
    """Ask what the metric and the precision become at a period's base rate, and what does not change."""
    whole, at_rate, name = period.whole, period.at_rate, period.name
    if whole.value is None or at_rate.value is None:
        return "the metric does not exist at another base rate"
    is_same = abs(whole.value - at_rate.value) <= SAME
    means = (
        f"Weighted to it, {card.metric} is still {score(at_rate)}: it asks how positives and negatives are ordered, "
        "and their shares do not enter."
        if is_same
        else f"Weighted to it, {card.metric} goes from {score(whole)} to {score(at_rate)} by the shares alone."
    )
    acts = _acts(period)
    precisions = [
        (f"precision at the base rate of {name}", period.precision_at_rate),
        ("precision on all final rows", period.precision),
        (f"precision in {name}", period.precision_inside),
    ]
    asks = ""
    if acts:
        asks = " And of the tenth of all rows that you rank highest: how many calls out of a hundred are right then?"
    return Asked(
        worth=Worth.FIGURES if _moves(period) else Worth.ALWAYS,
        text=f"Your {card.metric} is {number(whole.value, decimals=3)} over all final rows. What is it at the base "
        f"rate of {name}, if your model orders rows no better and no worse then?{asks}",
        answer=(
            f"The base rate is {bare(period.rate, 'share')} in {name}, {bare(period.whole_rate, 'share')} over all.",
            means,
            *acts,
            f"On the {period.rows:,} rows of {name} themselves {card.metric} is {score(period.inside)}: what "
            "differs there comes from other rows, not from the base rate.",
        ),
        figures=(
            Measure(name=f"base rate in {name}", estimate=period.rate, unit="share"),
            *(() if is_same else (Measure(name=f"{card.metric} at that base rate", estimate=at_rate),)),
            Measure(name=f"{card.metric} in {name}", estimate=period.inside),
            *(Measure(name=named, estimate=one, unit="share") for named, one in precisions if one is not None),
        ),
        sources=(
            Source(kind="holdout", where="eval/answers/final.parquet", note=f"{period.rows:,} rows of {name}"),
            Source(kind="holdout", where="score/candidate-0.npy", note="the predictions, and those of the other seeds"),
            Source(kind="card", where="supported", note=figure(whole)),
        ),
        anchors=Anchors(
            junior="Knows what a base rate is, and that with fewer positives a call is less often right.",
            mid=f"Says without computing that {card.metric} "
            + ("does not depend on it" if is_same else "depends on it")
            + ", and that precision does.",
            senior="Works precision out from the rates of true and false calls, and tells a change of shares from a "
            "change of rows." + (f" {acts[0]}" if acts else ""),
            staff="Asks what somebody does with a call, and moves the threshold or the number of calls with the "
            "season, by what a wrong one costs; says who is told when it moves.",
        ),
    )


def _moves(period: Period) -> bool:
    """Tell whether the period's base rate is surely another one."""
    low, high, whole = period.rate.low, period.rate.high, period.whole_rate.value
    return low is not None and high is not None and whole is not None and not low <= whole <= high


def _acts(period: Period) -> tuple[str, ...]:
    before, after, inside = period.precision, period.precision_at_rate, period.precision_inside
    if period.threshold is None or before is None or after is None:
        return ()
    there = f", and {bare(inside, 'share')} on the period's own rows" if inside else ""
    return (
        f"Of calls at a score of {number(period.threshold)} or more ({amount(period.called, 'share')} of all rows) "
        f"{bare(before, 'share')} are right over all, {bare(after, 'share')} at that base rate{there}.",
    )
