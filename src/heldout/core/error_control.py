"""One error budget per audit, shared out over the families that test hypotheses."""

__all__ = ["ALPHA", "FAMILY_SHARE", "alpha_of"]

ALPHA = 0.01
"""The chance per audit that some check says `strong` of a clean world."""

FAMILY_SHARE = {"metric": 0.1, "split": 0.3, "leakage": 0.6}
"""How the families share ALPHA; families that count facts need none. The shares sum to 1."""

CHECKS_PER_FAMILY = {"metric": 9, "split": 13, "leakage": 15}
"""How many gated checks share each family's part; a test compares it with the catalog."""


def alpha_of(family: str) -> float:
    """Return the part of ALPHA that one gated check of `family` may spend over all its columns and masses."""
    return ALPHA * FAMILY_SHARE[family] / CHECKS_PER_FAMILY[family]
