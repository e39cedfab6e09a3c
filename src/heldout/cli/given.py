"""What options give as text, read: a separator's escapes, and names that are blank."""

from collections.abc import Mapping

from heldout.core.errors import BadInput

__all__ = ["refuse_blank", "separator_of"]

ESCAPES = {"\\t": "\t", "tab": "\t"}


def separator_of(text: str | None) -> str | None:
    r"""Return the sign that separates values, None for none. Raises BadInput for what cannot.

    >>> separator_of(r"\t"), separator_of("|"), separator_of(None)
    ('\t', '|', None)
    """
    if text is None:
        return None
    sign = ESCAPES.get(text, text)
    if len(sign) != 1 or not sign.isascii() or sign in '\r\n\0"':
        raise BadInput(
            f"the separator is {text!r}", where="--separator", expected="one ASCII character", mend="for tabs: '\\t'"
        )
    return sign


def refuse_blank(options: Mapping[str, object]) -> None:
    """Raise BadInput for an option that is given and blank, as a variable without a value makes it."""
    for option, value in options.items():
        texts = value if isinstance(value, list) else [value]
        if any(text == "" for text in texts):
            raise BadInput(f"{option} is blank", expected="a value", mend=f"give one, or leave {option} out")
