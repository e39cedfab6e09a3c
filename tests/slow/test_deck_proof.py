"""Every kind of drill holds its contract on ten seeds; `make bench-drills` proves 200."""

import pytest
from tests.practice.proof import breaches

from heldout.practice.deck import deck

pytestmark = pytest.mark.slow

SEEDS = range(100, 110)


@pytest.mark.parametrize("kind", deck(), ids=lambda kind: f"{kind.family}/{kind.name}")
def test_a_kind_proves_its_key_on_ten_seeds(kind) -> None:
    assert list(breaches(kind, SEEDS)) == []
