"""The syllabus, read off files, is the deck."""

from heldout.practice.deck import deck
from heldout.practice.plan.syllabus import syllabus


def test_the_syllabus_names_the_kinds_of_the_deck():
    found = {}
    for kind in deck():
        found.setdefault(kind.family.value, []).append(f"{kind.family}/{kind.name}")
    assert {family: list(kinds) for family, kinds in syllabus().items()} == found
