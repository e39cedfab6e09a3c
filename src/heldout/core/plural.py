"""A count with its word, in the singular where it is one."""

__all__ = ["how_many"]


def how_many(count: int, one: str, many: str = "") -> str:
    """Return a count with its word; without `many` the plural is `one` with an s.

    >>> how_many(1, "call"), how_many(2000, "call"), how_many(3, "entry", "entries")
    ('1 call', '2,000 calls', '3 entries')
    """
    return f"{count:,} {one if count == 1 else many or one + 's'}"
