"""What a team has said of the problems of an audit, told before tables are read and put to the verdict at its end."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from heldout.app.accepts import accepted, refuse_unknown_codes, refuse_unknown_columns, unneeded
from heldout.core.accept import Accept
from heldout.core.check import Check
from heldout.core.verdict import Verdict

if TYPE_CHECKING:
    from heldout.app.baseline import Earlier

__all__ = ["Standings", "standings_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standings:
    """Acceptances, the day that they are held to, and the baseline."""

    accepts: tuple[Accept, ...]
    today: date
    earlier: "Earlier | None"

    def refuse_unknown_columns(self, columns: Sequence[str], source: str) -> None:
        """Raise BadInput where an acceptance names a column that is not there."""
        refuse_unknown_columns(self.accepts, columns, source)

    def judged(self, verdict: Verdict) -> Verdict:
        """Return the verdict with the standing of each problem, and what is told beside them."""
        findings = tuple(accepted(finding, self.accepts, self.today) for finding in verdict.findings)
        notes = unneeded(self.accepts, findings)
        if self.earlier is None:
            return replace(verdict, findings=findings, notes=(*verdict.notes, *notes))
        findings = tuple(map(self.earlier.known, findings))
        baseline, told = self.earlier.since(findings, verdict.title)
        return replace(verdict, findings=findings, baseline=baseline, notes=(*verdict.notes, *told, *notes))


def standings_of(
    accept: Sequence[Accept], since: str | Path | None, *, target: str, today: date | None, checks: Sequence[Check]
) -> Standings:
    """Check the acceptances and read the baseline; `today` is the day in UTC where none is given. Raises BadInput."""
    refuse_unknown_codes(accept, checks)
    earlier = None
    if since is not None:
        from heldout.app.baseline import read_baseline  # pydantic takes a while to load

        earlier = read_baseline(Path(since), target)
    return Standings(accepts=tuple(accept), today=today or datetime.now(UTC).date(), earlier=earlier)
