"""Column names: the closest to a misspelt one, a short list of many, and lists read from a file."""

import difflib
import tomllib
from collections.abc import Collection, Iterable
from pathlib import Path

from heldout.core.errors import BadInput
from heldout.core.plural import how_many

__all__ = ["closest", "counted", "read_names", "shortened"]

SHOWN = 8
LONGEST = 60


def closest(name: str, names: Collection[str]) -> str:
    """Return the names most like `name` as text; the first few where none comes close."""
    folded = {known.lower(): known for known in reversed(list(names))}
    alike = [folded[match] for match in difflib.get_close_matches(name.lower(), list(folded), n=3, cutoff=0.6)]
    return f"did you mean {', '.join(map(repr, alike))}?" if alike else shortened(names)


def counted(count: int, one: str, many: str) -> str:
    """Return a count with its word.

    >>> counted(1, "row has", "rows have"), counted(2000, "row has", "rows have")
    ('1 row has', '2,000 rows have')
    """
    return how_many(count, one, many)


def shortened(names: Iterable[str], shown: int = SHOWN) -> str:
    """Return the names separated by commas, those after the first `shown` as a count."""
    every = list(names)
    more = f" and {len(every) - shown} more" if len(every) > shown else ""
    return ", ".join(map(_printable, every[:shown])) + more


def _printable(name: str) -> str:
    """Return one line of a bounded length: names come out of files."""
    plain = "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in name[:LONGEST])
    return plain + "…" * (len(name) > LONGEST)


def read_names(path: Path) -> frozenset[str]:
    """Read column names from a text file, one per line or separated by commas; `#` starts a comment line.

    From a file that ends in .toml, a brief, they are its `data.known_at_prediction`.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise BadInput(
            f"the list of columns cannot be read: {reason}",
            where=str(path),
            expected="a text file with one column name per line",
            mend="check the path, and that the file is plain text",
        ) from error
    if path.suffix == ".toml":
        return _names_of_brief(path, text)
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    names = frozenset(name.strip().strip("\"'") for line in lines for name in line.split(",") if name.strip())
    if not names:
        raise BadInput(
            "the list of columns is empty",
            where=str(path),
            expected="the columns that are known when a prediction is made, one name per line",
            mend="write at least one name",
        )
    return names


def _names_of_brief(path: Path, text: str) -> frozenset[str]:
    try:
        names = tomllib.loads(text)["data"]["known_at_prediction"]
        if names and all(isinstance(name, str) for name in names):
            return frozenset(names)
    except (tomllib.TOMLDecodeError, KeyError, TypeError):
        pass
    raise BadInput(
        "the brief does not name the columns that are known when a prediction is made",
        where=str(path),
        expected='under [data], known_at_prediction = ["column", ...]',
        mend="mend the brief, or give a text file with one name per line",
    )
