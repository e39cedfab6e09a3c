"""What became of replies to a card, in sentences: the line before and after, who decided, and why."""

from heldout.core.card import Card
from heldout.core.correction import Correction, LineVersion

__all__ = ["amended_line", "correction_facts", "decided_line", "version_line"]


def amended_line(card: Card) -> str:
    """Say in a sentence that the card was amended; empty where it is the one that was graded."""
    codes = list(dict.fromkeys(one.code for one in card.corrections if one.accepted and one.holds))
    if not codes:
        return ""
    lines = "line was" if len(codes) == 1 else "lines were"
    return (
        f"Amended: {len(codes)} {lines} corrected after a reply ({', '.join(codes)}), and the axes are scored anew. "
        "Band, lift and class are those of the grading."
    )


def decided_line(one: Correction) -> str:
    """Say what became of a reply: `Reply 2, on REP001, was accepted by the organiser: the lock lists none.`."""
    about = f", on {one.line}," if one.line else ""
    text = f"Reply {one.reply}{about} was {'accepted' if one.accepted else 'refused'} by {one.by}: {one.why}"
    return text if one.holds else f"{text} That was on an earlier card, and changes nothing here."


def version_line(version: LineVersion) -> str:
    """Return a version of a line: `problem, strong: The environment is not pinned.`."""
    certainty = f", {version.certainty.value}" if version.certainty else ""
    return f"{version.ending.value.replace('_', ' ')}{certainty}: {version.claim}"


def correction_facts(card: Card) -> dict[str, str]:
    """Return every decided reply by name, with both versions of its line."""
    facts = {"amended": line.removeprefix("Amended: ")} if (line := amended_line(card)) else {}
    for place, one in enumerate(card.corrections, start=1):
        facts[f"decision {place}"] = decided_line(one)
        if one.before is not None and one.after is not None:
            facts[f"  {one.code} before"] = version_line(one.before)
            facts[f"  {one.code} after"] = version_line(one.after)
    return facts
