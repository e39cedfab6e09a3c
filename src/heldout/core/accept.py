"""What a team says of problems that it knows: those accepted for a while, and those that an earlier audit found."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

__all__ = ["Accept", "Baseline", "Mended", "Standing"]


class Standing(StrEnum):
    """Whether a problem counts: `open` ones fail a run, `accepted` and `known` ones are shown and do not."""

    OPEN = "open"
    ACCEPTED = "accepted"
    KNOWN = "known"


@dataclass(frozen=True, slots=True, kw_only=True)
class Accept:
    """A problem that a team lives with until the end of the day `expires`, and why.

    `code` is the check's; without a `column` it is every problem that this check finds.
    """

    code: str
    reason: str
    expires: date
    column: str | None = None

    @property
    def place(self) -> str:
        """The code and the column, as one says them: `LEK001 alive`."""
        return self.code if self.column is None else f"{self.code} {self.column}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mended:
    """A problem of the baseline that its check, asked again, does not find any more."""

    code: str
    name: str
    columns: tuple[str, ...]
    claim: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """The earlier audit that this one is held against: the name of its file, its title, and what is mended since."""

    source: str
    title: str
    mended: tuple[Mended, ...] = ()
