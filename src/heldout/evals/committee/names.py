"""Names on a committee: as people write them, and never two of raters that a reader could take for one."""

import unicodedata
from collections.abc import Iterable

from heldout.core.errors import BadInput

__all__ = ["checked_author", "checked_name", "refuse_same", "skeleton"]

LONGEST, LONGEST_AUTHOR = 60, 80
PAIRS = (
    "аa вb еe кk мm нh оo рp сc тt уy хx іl їl јj ѕs ԁd ԛq ԝw һh ӏl "
    "αa βb εe ιl κk νv οo ρp τt υu χx γy ωw ɡg ıl ɑa il 0o 1l |l"
)
LIKE = str.maketrans({pair[0]: pair[1] for pair in PAIRS.split()})
"""Signs that look like Latin letters, Cyrillic and Greek ones and digits, and those that they are taken for."""


def skeleton(name: str) -> str:
    """Return what is left of a name when case, accents, blanks, dots and look-alikes make no difference.

    >>> skeleton("Kim  Ó'Neil") == skeleton("kim oneil"), skeleton("Kіm") == skeleton("KIM")
    (True, True)
    """
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name).casefold())
    letters = "".join(sign for sign in plain if unicodedata.category(sign)[0] in "LN" or sign == "|")
    return letters.translate(LIKE)


def checked_name(name: str) -> str:
    """Return a name with its blanks put in order. Raises BadInput for what cannot be shown or tells nobody apart."""
    said = " ".join(unicodedata.normalize("NFC", name).split())
    if not said.isprintable() or not skeleton(said) or len(said) > LONGEST:
        raise BadInput(
            f"{name[:80]!r} cannot name a rater",
            expected=f"1 to {LONGEST} printable characters, with a letter among them",
            mend="choose the name that the committee knows the person by",
        )
    return said


def checked_author(by: str, does: str) -> str:
    """Return the name of who `does` something, as it is kept. Raises BadInput for none, and for what names nobody."""
    said = " ".join(by.split())
    if not said:
        raise BadInput(f"nobody {does}", where="--by", expected="the name of who does")
    if len(said) > LONGEST_AUTHOR or not said.isprintable():
        raise BadInput(
            f"{said[:40]!r} cannot be the name of who {does}",
            where="--by",
            expected=f"1 to {LONGEST_AUTHOR} printable characters",
        )
    return said


def refuse_same(name: str, others: Iterable[str]) -> None:
    """Raise BadInput where a name is one of the others, or could be taken for it."""
    for other in others:
        if skeleton(other) == skeleton(name):
            is_same = other == name
            raise BadInput(
                f"{name} is invited already" if is_same else f"{name!r} reads like {other!r}, who is invited already",
                expected="a name that nobody on the committee can be taken for",
                mend="heldout eval token EVAL rater NAME gives another token; a second person needs a surname or number"
                if is_same
                else "add a surname, an initial or a number",
            )
