"""The deck: every kind holds its contract on a few seeds here, on more in tests/slow, on 200 in the bench."""

from collections import Counter
from dataclasses import replace
from itertools import count

import pytest
from tests.practice.proof import breaches

from heldout.practice.deck import deck, kind_named
from heldout.practice.drill import Family, Mutant

SEEDS = range(2)
LEAST_KINDS = 6


@pytest.mark.parametrize("kind", deck(), ids=lambda kind: f"{kind.family}/{kind.name}")
def test_a_kind_proves_its_key(kind) -> None:
    assert list(breaches(kind, SEEDS)) == []


def test_each_family_has_at_least_six_kinds() -> None:
    kinds = Counter(kind.family for kind in deck())
    assert {family: kinds[family] for family in Family if kinds[family] < LEAST_KINDS} == {}


def test_kinds_are_found_by_the_name_of_their_file() -> None:
    for kind in deck():
        assert kind_named(f"{kind.family}/{kind.name}") is kind
        assert kind.build.__module__.split(".")[-2:] == [kind.family, kind.name.replace("-", "_")]


def test_a_kind_that_breaks_its_contract_is_named() -> None:
    kind = kind_named("splits/customer-on-both-sides")
    other = count()
    sees_all = Mutant(mistake="none", answers=kind.solve, loses=("verdict",), on_clean=("verdict",))
    broken = {
        "reference solution earns": replace(kind, solve=lambda _: {}),
        "loses nothing on verdict": replace(kind, mutants=(sees_all, sees_all)),
        "SPL002 finds it": replace(kind, build=lambda seed, at, _: kind.build(seed, at, True)),
        "a second build differs": replace(kind, build=lambda _, *rest: kind.build(next(other), *rest)),
        "at least two mutants": replace(kind, mutants=kind.mutants[:1]),
        "SPL013 does not find it": replace(kind, check="SPL013"),
    }
    for said, one in broken.items():
        assert any(said in breach for breach in breaches(one, range(1))), said
