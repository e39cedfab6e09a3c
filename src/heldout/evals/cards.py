"""Reads a card back from the JSON that a grading wrote."""

import json
from collections.abc import Sequence
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from heldout.core.card import Card
from heldout.core.errors import BadInput

__all__ = ["of_one_brief", "read_card", "read_cards"]

MOST_BYTES = 20_000_000
CARD: TypeAdapter[Card] = TypeAdapter(Card)


def read_card(path: Path) -> Card:
    """Return the card in a `card.json`, or in the folder that holds one. Raises BadInput where there is none."""
    path = path / "card.json" if path.is_dir() else path
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ValueError(f"it has more than {MOST_BYTES:,} bytes")
        plain = json.loads(path.read_bytes())
        return CARD.validate_python({key: value for key, value in plain.items() if key != "schema"})
    except (OSError, ValueError, AttributeError, RecursionError) as error:
        why = error.strerror if isinstance(error, OSError) else _first(error)
        raise BadInput(
            f"{path.name} is no card: {why}",
            where=str(path),
            expected="the card.json that `heldout eval grade` wrote",
            mend="name the file, or the folder that holds it",
        ) from None


def read_cards(paths: Sequence[Path]) -> tuple[Card, ...]:
    """Return the cards of one brief; of a folder the amended one where there is one. Raises as `of_one_brief` does."""
    return of_one_brief([read_card(_newest(path)) for path in paths])


def of_one_brief(cards: Sequence[Card]) -> tuple[Card, ...]:
    """Return cards of one brief. Raises BadInput for those of several, and for a submission that is there twice."""
    axes = {tuple((axis.name, axis.weight) for axis in card.axes) for card in cards}
    names = [card.submission for card in cards]
    if len(axes) > 1 or len({card.eval_title for card in cards}) > 1:
        raise BadInput("these cards are of different evals", expected="cards of one brief", mend="compare them apart")
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise BadInput(f"{twice[0]} is there twice", expected="one card a submission", mend="leave one of them out")
    return tuple(cards)


def _newest(path: Path) -> Path:
    return path / "amended.json" if (path / "amended.json").is_file() else path


def _first(error: Exception) -> str:
    if isinstance(error, ValidationError):
        found = error.errors()[0]
        return f"{'.'.join(str(part) for part in found['loc'])}: {found['msg']}"
    return str(error).splitlines()[0]
