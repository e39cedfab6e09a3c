"""Heldout says with evidence how much of a reported number is supported."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from heldout.app.audit import audit
    from heldout.app.compare import compare
    from heldout.app.split import split

__all__ = ["audit", "compare", "split"]


def __getattr__(name: str) -> Any:
    """Load a use case when it is first asked for, so that `import heldout` takes no time."""
    if name == "audit":
        from heldout.app.audit import audit  # see above

        return audit
    if name == "compare":
        from heldout.app.compare import compare  # as above

        return compare
    if name == "split":
        from heldout.app.split import split  # as above

        return split
    raise AttributeError(f"module 'heldout' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
