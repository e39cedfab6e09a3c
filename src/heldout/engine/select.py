"""Chooses checks by code or prefix."""

from collections.abc import Iterable, Sequence

from heldout.core.check import Check
from heldout.core.errors import BadInput

__all__ = ["select"]


def select(checks: Iterable[Check], wanted: Sequence[str] = (), unwanted: Sequence[str] = ()) -> tuple[Check, ...]:
    """Return the checks whose code starts with one of `wanted` (all when empty) and with none of `unwanted`.

    Names and families select too: `near-copy`, `leakage`. Raises BadInput for a selector that selects nothing.
    """
    checks = tuple(checks)
    for selector in (*wanted, *unwanted):
        if not any(_matches(check, selector) for check in checks):
            families = ", ".join(sorted({check.family for check in checks}))
            raise BadInput(
                f"no check is called {selector!r}",
                expected=f"a code or its beginning, such as {checks[0].code} or {checks[0].code[:3]}, a check's name, "
                f"or a family: {families}",
                mend="list them with: heldout checks",
            )
    return tuple(
        check
        for check in checks
        if (not wanted or any(_matches(check, selector) for selector in wanted))
        and not any(_matches(check, selector) for selector in unwanted)
    )


def _matches(check: Check, selector: str) -> bool:
    text = selector.strip()
    return bool(text) and (check.code.startswith(text.upper()) or text.lower() in (check.name, check.family))
