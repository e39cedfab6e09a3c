"""Asks how sure the lift is, and which clusters carry its variance."""

from heldout.core.card import Card
from heldout.core.estimate import Measure, undefined
from heldout.core.walkthrough import Anchors, Source, Worth
from heldout.evals.brief import Brief
from heldout.evals.walkthrough.evidence import Movers
from heldout.evals.walkthrough.phrases import bare, joined
from heldout.evals.walkthrough.question import Asked, question
from heldout.report.figures import amount, confidence, lift_unit, number
from heldout.report.text import NAME, clip

LITTLE = 0.001


@question("lift", by_labels=True)
def lift_rests_on(card: Card, brief: Brief, movers: Movers) -> Asked | str:
    """Ask how sure the lift is, and which clusters it hangs on."""
    lift = card.lift
    if lift is None or not lift.estimate.is_defined:
        return "there is no lift with an interval"
    unit = lift_unit(lift.scale)
    column = clip(brief.data.cluster or "", NAME)
    share = undefined(
        "they are named after looking", n=lift.clusters, method="share of the variance", value=movers.share
    )
    names = [clip(name, NAME) for name in movers.names]
    effect = f" (design effect {number(lift.design_effect)})" if lift.design_effect is not None else ""
    return Asked(
        worth=Worth.FIGURES,
        text=f"Your lift over the baseline is {bare(lift.estimate, unit, signed=True)}, and the brief asks for "
        f"{amount(card.target.minimum, unit)} at least. How sure are you of the side that you are on? Rows that share "
        f"a {column} are not independent: which of them does the number hang on, and what becomes of it without them?",
        answer=(
            f"It rests on {lift.clusters:,} clusters, not on {lift.estimate.n:,} rows{effect}. Confidence in the "
            f"minimum is {confidence(card.decision.at_minimum)}.",
            f"Five carry {amount(movers.share, 'share')} of the variance: {_sides(movers, names)}.",
            f"Without their {movers.rows:,} rows the lift is {bare(movers.without, unit, signed=True)}, "
            f"{_side(card, movers)}.",
            _seeds(card),
        ),
        figures=(
            Measure(name="lift without the five", estimate=movers.without, unit=unit),
            Measure(name="share of the variance of the five", estimate=share, unit="share"),
        ),
        sources=(
            Source(kind="card", where="lift", note=lift.estimate.method),
            Source(kind="card", where="decision.at_minimum", note=confidence(card.decision.at_minimum)),
            Source(kind="holdout", where="eval/data/final.parquet", note=f"column {column}: {joined(names)}"),
        ),
        anchors=Anchors(
            junior="Reads the interval, and says on which side of the minimum it lies.",
            mid=f"Says why {lift.clusters:,} counts and {lift.estimate.n:,} does not: rows of one {column} share what "
            "happened to them.",
            senior=f"Expects a few of them to carry most of it, can say what was special about {names[0]}, and that "
            "leaving them out after looking describes and does not test.",
            staff=f"Says what to collect next: more of {column}, not more rows of each; and what a decision should do "
            "with a number that five of them can move.",
        ),
    )


def _sides(movers: Movers, names: list[str]) -> str:
    up = [name for name, is_up in zip(names, movers.up, strict=True) if is_up]
    down = [name for name in names if name not in up]
    told = [
        f"{joined(some)} {verb}{'s' if len(some) == 1 else ''} it"
        for some, verb in ((up, "raise"), (down, "lower"))
        if some
    ]
    return "; ".join(told)


def _side(card: Card, movers: Movers) -> str:
    """Say on which side of the minimum the lift is without the clusters."""
    before, after = card.lift.estimate.value if card.lift else None, movers.without.value
    if before is None or after is None:
        return "which is not to be compared"
    is_above, was_above = after >= card.target.minimum, before >= card.target.minimum
    side = "above the minimum" if is_above else "below the minimum"
    return f"still {side}" if is_above == was_above else f"and so {side}"


def _seeds(card: Card) -> str:
    lift = card.lift
    if lift is None or lift.seed_variance is None or not lift.standard_error:
        return "What seeds add was not measured."
    part = lift.seed_variance / lift.standard_error**2
    size = "less than 0.1 %" if part < LITTLE else amount(part, "share")
    return f"Its {lift.seeds} seeds add {size} of the variance."
