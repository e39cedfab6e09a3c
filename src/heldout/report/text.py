"""Text that somebody else wrote, made fit to be shown: nothing invisible, nothing endless."""

import re

__all__ = ["NAME", "SENTENCE", "clean", "clean_line", "clip", "cut"]

NAME = 80
"""Characters shown of a name: a column, a submission, a path."""

SENTENCE = 600
"""Characters shown of a sentence."""

TERMINAL_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_].*?(?:\x07|\x1b\\|$)|[ -/]*[0-~])", re.DOTALL)
BLANKS = re.compile(r"[\t\n\v\f\r\x85\u2028\u2029 ]+")
INVISIBLE = re.compile(
    "["
    "\x00-\x1f\x7f-\x9f"  # controls
    "\u00ad\u061c\u180e\u200b-\u200f\u2060-\u206f\ufeff\ufff9-\ufffb"  # zero width and text direction
    "\u202a-\u202e"  # direction overrides
    "\ud800-\udfff"  # halves of a pair: no UTF-8 can hold them
    "\U000e0000-\U000e0fff"  # tags
    "\ufdd0-\ufdef\ufffe\uffff"  # no characters
    "]+"
)


def clean(text: str) -> str:
    """Return `text` on one line with terminal escapes and invisible characters replaced.

    Each run of them becomes one U+FFFD, so that a reader sees that something stood there; blanks become one space.
    """
    text = TERMINAL_ESCAPES.sub("\ufffd", text)
    return INVISIBLE.sub("\ufffd", BLANKS.sub(" ", text)).strip()


def clean_line(line: str) -> str:
    """Return a line of code or prose as `clean` does, with its blanks as they are; a tab becomes four of them."""
    return INVISIBLE.sub("\ufffd", TERMINAL_ESCAPES.sub("\ufffd", line.rstrip("\r\n").expandtabs(4)))


def clip(text: str, limit: int = SENTENCE) -> str:
    """Return the cleaned `text`, cut at `limit` characters with a note of how many there are; JSON holds the whole."""
    text = clean(text)
    return text if len(text) <= limit else f"{text[: limit - 1]}… ({len(text):,} characters)"


def cut(text: str, limit: int) -> str:
    """Return the cleaned `text`, cut at `limit` characters: for a drawing, where the whole stands beside it."""
    text = clean(text)
    return text if len(text) <= limit else f"{text[: limit - 1]}…"
