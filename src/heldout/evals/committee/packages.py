"""The organisation's own table of what a band at a level comes with: read where it is asked for, kept nowhere.

The file is TOML: a table per band, a line per level, such as `pass = { mid = "Offer, step 3" }`.
"""

from pathlib import Path

from pydantic import Field

from heldout.core.errors import BadInput
from heldout.core.lift import Band
from heldout.evals.toml import Section, read_toml

__all__ = ["Packages", "read_packages"]


class BandPackages(Section):
    """What a band comes with at each level; nothing where a level is not there."""

    junior: str | None = None
    mid: str | None = None
    senior: str | None = None
    staff: str | None = None


class Packages(Section):
    """A text by band and level."""

    fail: BandPackages = BandPackages()
    undecided: BandPackages = BandPackages()
    passing: BandPackages = Field(default=BandPackages(), alias="pass")
    target: BandPackages = BandPackages()

    def text(self, band: Band, level: str) -> str | None:
        """Return what a band comes with at a level, None where the table does not say."""
        said: str | None = getattr(getattr(self, "passing" if band is Band.PASS else band.value), level)
        return said


def read_packages(path: Path) -> Packages:
    """Read the organisation's table. Raises BadInput."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise BadInput(
            f"cannot read the packages: {error.strerror}",
            where=str(path),
            expected="a TOML file",
            mend="check the path",
        ) from None
    return read_toml(content, Packages, source=path.name, guide="docs/guide/committee.md")
