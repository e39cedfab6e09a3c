"""The deck: every kind holds its contract on a few seeds here, on more in tests/slow, on 200 in the bench."""

from collections import Counter

import pytest
from tests.practice.proof import breaches

from heldout.practice.deck import deck, kind_named
from heldout.practice.drill import Family

SEEDS = range(2)
LEAST_KINDS = 6


@pytest.mark.parametrize("kind", deck(), ids=lambda kind: f"{kind.family}/{kind.name}")
def test_a_kind_proves_its_key(kind) -> None:
    assert list(breaches(kind, SEEDS)) == []


def test_each_family_has_at_least_six_kinds() -> None:
    count = Counter(kind.family for kind in deck())
    assert {family: count[family] for family in Family if count[family] < LEAST_KINDS} == {}


def test_kinds_are_found_by_the_name_of_their_file() -> None:
    for kind in deck():
        assert kind_named(f"{kind.family}/{kind.name}") is kind
        assert kind.build.__module__.split(".")[-2:] == [kind.family, kind.name.replace("-", "_")]
