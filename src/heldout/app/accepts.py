"""Problems that a team accepts for a while: which findings an acceptance names, and which acceptances dangle."""

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from heldout.core.accept import Accept, Standing
from heldout.core.check import Check
from heldout.core.errors import BadInput
from heldout.core.finding import Ending, Finding
from heldout.tables import closest

__all__ = ["accepted", "refuse_unknown_codes", "refuse_unknown_columns", "unneeded"]

UNTOLD = frozenset({Ending.NO_EVIDENCE, Ending.CRASHED})


def refuse_unknown_codes(accepts: Iterable[Accept], checks: Iterable[Check]) -> None:
    """Raise BadInput for an acceptance of a check that an audit does not have, or without a reason."""
    codes = [check.code for check in checks]
    for accept in accepts:
        if accept.code not in codes:
            near = difflib.get_close_matches(accept.code.upper(), codes, n=1, cutoff=0.0)
            raise BadInput(
                f"an acceptance names {accept.code!r}, which is the code of no check of an audit",
                where=f"accept {accept.place}",
                expected=f"a code such as {', '.join(near)}",
                mend="list them with: heldout checks",
            )
        if not accept.reason.strip():
            raise BadInput(
                "an acceptance has no reason", where=f"accept {accept.place}", mend="say why the problem is lived with"
            )


def refuse_unknown_columns(accepts: Iterable[Accept], columns: Sequence[str], source: str) -> None:
    """Raise BadInput for an acceptance of a column that the table lacks: it would never take effect."""
    for accept in accepts:
        if accept.column is not None and accept.column not in columns:
            raise BadInput(
                f"an acceptance names the column {accept.column!r}, which is not audited",
                where=f"accept {accept.place}, against {source}",
                expected=f"a column of the table that is not dropped: {closest(accept.column, columns)}",
                mend="write the name as it stands in the table, or take the acceptance out",
            )


def accepted(finding: Finding, accepts: Iterable[Accept], today: date) -> Finding:
    """Return a problem with the acceptances that name it, and whether they cover it.

    One that names several columns is accepted when each of them is: an acceptance speaks of its column alone.
    """
    if finding.ending is not Ending.PROBLEM:
        return finding
    naming = [a for a in accepts if a.code == finding.code and (a.column is None or a.column in finding.columns)]
    in_force = tuple(accept for accept in naming if today <= accept.expires)
    columns = {accept.column for accept in in_force}
    if None in columns or (finding.columns and columns.issuperset(finding.columns)):
        return replace(finding, standing=Standing.ACCEPTED, accepts=in_force)
    return replace(finding, accepts=in_force, expired=tuple(accept for accept in naming if accept not in in_force))


def unneeded(accepts: Iterable[Accept], findings: Sequence[Finding]) -> tuple[str, ...]:
    """Say which acceptances name nothing that was found, and which of them can go."""
    notes = []
    for accept in accepts:
        of_code = [finding for finding in findings if finding.code == accept.code]
        problems = [finding for finding in of_code if finding.ending is Ending.PROBLEM]
        if any(accept.column is None or accept.column in finding.columns for finding in problems):
            continue
        endings = {finding.ending for finding in of_code}
        said = f"The acceptance of {accept.place} until {accept.expires}"
        if endings <= UNTOLD:
            notes.append(f"{said}: its check came to no answer this time, so whether it is still needed is not known.")
        elif problems:
            notes.append(f"{said} is no longer needed: {accept.code} finds problems, none with {accept.column}.")
        else:
            ending = of_code[0].ending.value.replace("_", " ")
            notes.append(f"{said} is no longer needed: the check now ends with {ending}.")
    return tuple(notes)
