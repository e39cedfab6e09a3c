"""What is read off a score before it is shown: the words for what it rests on, the sentences between the numbers."""

from heldout.core.price import Basis, Priced, Refit, Unaffected
from heldout.core.verdict import Score
from heldout.report.figures import amount, decimals, number, said, short

__all__ = [
    "FOUND",
    "PRICE_HEADINGS",
    "as_given_name",
    "found_by",
    "found_facts",
    "how",
    "price_answer",
    "price_cells",
    "price_steps",
    "score_facts",
    "supported_name",
    "together",
    "unaffected_text",
    "what_prices_are",
]

PRICE_HEADINGS = ("problem, as it is mended", "found by", "alone", "after all others", "mean")
FOUND = "Found, not declared, and no problem: what a split that ignores it would flatter a score by"
SAME = 0.5
"""Where the prices alone come to less than this share of the price together, several problems tell the same."""
BY = {Basis.PROXY: ", by proxy", Basis.ESTIMATOR: ", refitted", Basis.PREDICTIONS: "", Basis.NONE: ""}


def supported_name(score: Score) -> str:
    """Return the name of the supported score, which says so where a proxy made it."""
    return f"supported {score.metric}{BY[score.basis]}"


def as_given_name(refit: Refit) -> str:
    """Return the name of the refit's score as given."""
    return f"as given, {_by(refit)}"


def score_facts(score: Score) -> dict[str, str]:
    """Return the numbers of a score in reading order, by name: reported, supported, rescored, refitted."""
    facts = {} if score.reported is None else {f"reported {score.metric}": number(score.reported)}
    facts[supported_name(score)] = "no score" if score.supported is None else said(score.supported)
    if score.unaffected is not None and score.unaffected.kept < 1:
        facts["rows that are no copies"] = unaffected_text(score.unaffected)
    refit = score.refit
    if refit is None:
        return facts
    facts[as_given_name(refit)] = said(refit.as_given)
    if score.supported is not refit.supported and refit.prices:
        facts[f"all mended, {_by(refit)}"] = said(refit.supported)
    if refit.prices:
        facts["price of all together"] = said(refit.price)
    if refit.if_suspects_too is not None:
        facts["suspects mended too"] = said(refit.if_suspects_too)
    return facts


def unaffected_text(unaffected: Unaffected) -> str:
    """Say what the predictions give on rows that are no copies, how many are left, and how the classes shift."""
    text = f"{said(unaffected.elsewhere)}, {amount(unaffected.kept, 'share')} of the test rows"
    before, after = unaffected.prevalence_before, unaffected.prevalence_after
    if before is None or after is None:
        return text
    return f"{text}; positives go from {amount(before, 'share')} to {amount(after, 'share')}"


def found_by(priced: Priced) -> str:
    """Say which checks ask for a mend, or that it was declared."""
    return ", ".join(priced.codes) or "declared"


def what_prices_are(refit: Refit) -> str:
    """Say how the table of prices is read."""
    orders = "every order" if all(priced.is_exact for priced in refit.prices) else "an order and its reverse"
    return (
        f"What each problem is worth: by how much {refit.metric} looks better for it. Alone: when it alone is mended. "
        f"After all others: when the others are mended already. Mean: over {orders} of mending."
    )


def found_facts(refit: Refit) -> dict[str, str]:
    """Say what each structure that was found would flatter a score by, by what respects it."""
    facts = {}
    for one in refit.found:
        if one.after_all is None:
            text = f"{refit.metric} {short(one.as_given)} becomes {short(one.mended)}, a price of {said(one.price)}"
        else:
            text = f"a price of {said(one.after_all)} when all problems are mended, of {short(one.price)} when none is"
        facts[f"{one.what} ({', '.join(one.codes)})"] = f"{text}; {one.clusters}"
    return facts


def price_cells(priced: Priced, refit: Refit) -> tuple[str, str, str]:
    """Return a price first-in, last-in and its mean over orders, as texts."""
    mean = number(priced.shapley, decimals=decimals(refit.price))
    return short(priced.first_in), short(priced.last_in), mean


def price_steps(refit: Refit) -> tuple[tuple[Priced, float, float], ...]:
    """Return the steps from as given to supported, as (price, start, end) in the metric's units.

    None where a score is undefined. The means over orders add up to the whole, so that nothing is left over.
    """
    at, sign = refit.as_given.value, 1 if refit.higher_is_better else -1
    if at is None or refit.supported.value is None or any(priced.shapley is None for priced in refit.prices):
        return ()
    steps = []
    for priced in refit.prices:
        end = at - sign * (priced.shapley or 0.0)
        steps.append((priced, at, end))
        at = end
    return tuple(steps)


def price_answer(refit: Refit) -> str:
    """Say in a sentence or two what lies between the score as given and the supported one."""
    if not refit.prices:
        return f"As given, {refit.metric} is {short(refit.as_given)}, {_by(refit)}; nothing was mended."
    text = (
        f"{short(refit.as_given)} as given, {short(refit.supported)} with every proven and strong problem mended: "
        f"together they are worth {short(refit.price)} {refit.metric}."
    )
    return " ".join(part for part in (text, together(refit)) if part)


def together(refit: Refit) -> str:
    """Say where several problems tell the same, so that the prices one by one do not show what they are worth."""
    alone = [priced.first_in.value for priced in refit.prices]
    whole = refit.price.value
    if len(alone) < 2 or whole is None or None in alone or not whole > 0:
        return ""
    if sum(value for value in alone if value is not None) >= SAME * whole:
        return ""
    return "Several of them tell the same: mending one alone changes little, because the others still tell it."


def how(refit: Refit) -> dict[str, str]:
    """Say how it was fitted again, and what was not priced."""
    sample = "all" if refit.fitted_rows == refit.rows else f"{refit.fitted_rows:,} of"
    facts = {"fitted again": f"{refit.model}, on {sample} {refit.rows:,} rows, seed {refit.seed}, {refit.refits} times"}
    mended = f"; mended: {refit.valid_split}" if refit.prices else ""
    facts["split as given"] = f"{refit.given_split}{mended}"
    facts["intervals"] = f"{refit.clusters}; differences on the same rows"
    if refit.suspects:
        facts["suspects"] = ", ".join(refit.suspects)
    if refit.not_priced:
        facts["not priced"] = "; ".join(refit.not_priced)
    if refit.notes:
        facts["note"] = " ".join(refit.notes)
    return facts


def _by(refit: Refit) -> str:
    return "by proxy" if refit.is_proxy else "refitted"
