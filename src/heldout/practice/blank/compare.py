"""Whether a result is the wanted one: plain values, numbers within a tolerance."""

import math

from heldout.practice.blank.task import Value

__all__ = ["agrees"]


def agrees(wanted: Value, got: Value, tolerance: float) -> bool:
    """Return whether `got` is `wanted`; a whole number may come as a float, but a truth value is no number.

    >>> agrees([1, 0.5], [1.0, 0.5 + 1e-12], 1e-9), agrees(1, True, 1e-9), agrees(None, 0, 1e-9)
    (True, False, False)
    """
    if isinstance(wanted, list):
        return (
            isinstance(got, list)
            and len(got) == len(wanted)
            and all(agrees(a, b, tolerance) for a, b in zip(wanted, got, strict=True))
        )
    if isinstance(wanted, dict):
        return (
            isinstance(got, dict)
            and got.keys() == wanted.keys()
            and all(agrees(wanted[key], got[key], tolerance) for key in wanted)
        )
    if isinstance(wanted, bool) or isinstance(got, bool) or wanted is None or isinstance(wanted, str):
        return type(wanted) is type(got) and wanted == got
    if not isinstance(wanted, int | float) or not isinstance(got, int | float):
        return False
    try:
        return math.isclose(wanted, got, rel_tol=tolerance, abs_tol=tolerance)
    except OverflowError:  # a whole number beyond all floats
        return wanted == got
