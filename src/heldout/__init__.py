"""Heldout says with evidence how much of a reported number is supported."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from heldout.app.audit import audit
    from heldout.app.compare import compare

__all__ = ["audit", "compare"]


def __getattr__(name: str) -> Any:
    """Load a use case when it is first asked for, so that `import heldout` takes no time."""
    if name == "audit":
        from heldout.app.audit import audit  # see above

        return audit
    if name == "compare":
        from heldout.app.compare import compare  # as above

        return compare
    raise AttributeError(f"module 'heldout' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
