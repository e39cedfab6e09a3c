"""What became of planted leaks, for people: counts with their n, a share with its interval."""

from heldout.core.card import Card
from heldout.core.rescue_evidence import Rescue
from heldout.report.text import cut
from heldout.stats.proportions import wilson

__all__ = ["rescue_answer", "rescue_facts"]


def rescue_answer(rescue: Rescue) -> str:
    """Say in a sentence how many planted leaks were named and mended, and how many rows stand beside them."""
    named, mended = _facts(rescue).values()
    return f"{named}; {mended}."


def rescue_facts(card: Card) -> dict[str, str]:
    """Return the same in lines by name, for a terminal and for Markdown; none where no rescue was asked for."""
    return {} if card.rescue is None else _facts(card.rescue)


def _facts(rescue: Rescue) -> dict[str, str]:
    n = rescue.planted
    if rescue.named is None:
        named = f"not counted of {n} (n={n}): {cut(rescue.uncounted, 160)}"
    else:
        named = f"{rescue.named} of {n} planted leaks named{_share(rescue.named, n)}"
    named += f", {rescue.others} named that {'is' if rescue.others == 1 else 'are'} none" if rescue.rows else ""
    named += f", rows without a place: {rescue.unplaced}" if rescue.unplaced else ""
    mended = f"{rescue.mended} of {n} mended{_share(rescue.mended, n)}"
    mended += f", {rescue.left} left" if rescue.left else ""
    mended += f", {rescue.unknown} unknown" if rescue.unknown else ""
    return {"planted leaks": named, "mending": mended}


def _share(count: int, n: int) -> str:
    share = wilson(count, n)
    if not share.is_defined:
        return f" (n={n})"
    low, high = (100 * (end or 0.0) for end in (share.low, share.high))
    return f" (n={n}; {100 * count / n:.0f} % [{low:.0f}, {high:.0f}])"
