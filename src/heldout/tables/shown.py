"""Values as the texts that profiles carry."""

from datetime import UTC, datetime, timedelta

__all__ = ["EPOCH", "shown_number", "shown_time"]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def shown_number(value: float) -> str:
    """Return a number as short as it can be said exactly: whole numbers without a point."""
    return str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(float(value))


def shown_time(microseconds: float) -> str:
    """Return a time given in microseconds since 1970 as ISO text; a date where it is midnight."""
    try:
        moment = (EPOCH + timedelta(microseconds=int(microseconds))).replace(tzinfo=None)
    except OverflowError:  # before year 1 or after 9999
        return f"{int(microseconds)} µs since 1970"
    return moment.date().isoformat() if moment.time() == moment.time().min else moment.isoformat(sep=" ")
