"""Reads a card back from the JSON that a grading wrote."""

import json
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from heldout.core.card import Card
from heldout.core.errors import BadInput

__all__ = ["read_card"]

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


def _first(error: Exception) -> str:
    if isinstance(error, ValidationError):
        found = error.errors()[0]
        return f"{'.'.join(str(part) for part in found['loc'])}: {found['msg']}"
    return str(error).splitlines()[0]
