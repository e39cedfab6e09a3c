"""Time zones by their names."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from heldout.core.errors import BadInput

__all__ = ["zone_named"]


def zone_named(name: str) -> ZoneInfo:
    """Return a time zone. Raises BadInput for a name that is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise BadInput(
            f"there is no time zone {name!r}",
            expected="a name of the IANA data, such as Europe/Berlin, America/New_York or UTC",
            mend="python -c 'import zoneinfo; print(sorted(zoneinfo.available_timezones()))' lists them",
        ) from None
