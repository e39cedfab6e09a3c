"""What a few thousand rows of a large file show within a second or two, while the whole is still to be read.

It is provisional on purpose: nothing of it enters the verdict, and whatever goes wrong with it is left to the reading
of the whole file, which says it properly.
"""

from collections.abc import Sequence

from heldout.app.audited import Reader
from heldout.core.check import Check
from heldout.core.errors import BadInput
from heldout.core.finding import Ending
from heldout.core.profile import LabelKind, Profile
from heldout.engine.run import run
from heldout.tables import Source, kind_of, parse_target, profile_of, read_label
from heldout.tables.first_rows import first_rows

__all__ = ["first_look"]

MOST = 5
"""Problems told: the first look is a line or two, the verdict has them all."""


def first_look(
    read: Reader,
    data: Source,
    checks: Sequence[Check],
    *,
    target: str,
    positive: str | None,
    kind: LabelKind | None,
) -> None:
    """Tell `read.say` which problems the profile of a few rows shows, the surest first; nothing for a small file."""
    asked = [check for check in checks if [need.name for need in check.needs if not need.optional] == ["profile"]]
    if not asked:
        return
    try:
        profile = _profiled(read, data, target, positive, kind)
    except (BadInput, OSError, ValueError):  # pyarrow's errors are ValueErrors; the whole file is read next
        return
    if profile is None:
        return
    findings = [finding for finding in run(asked, {"profile": profile}) if finding.ending is Ending.PROBLEM]
    findings.sort(key=lambda finding: -finding.certainty.rank if finding.certainty else 0)
    for finding in findings[:MOST]:
        certainty = finding.certainty.value if finding.certainty else ""
        read.say.found(
            f"first look ({profile.rows:,} rows): {finding.answer.claim} {finding.code} {certainty}, provisional"
        )


def _profiled(read: Reader, data: Source, target: str, positive: str | None, kind: LabelKind | None) -> Profile | None:
    with first_rows(data) as source:
        if source is None:
            return None
        table = read.quiet()(source)
    label = read_label(table, parse_target(target, table), positive=positive, kind=kind)
    return profile_of(table.without([n for n, array in table.columns.items() if kind_of(array) == "empty"]), label)
