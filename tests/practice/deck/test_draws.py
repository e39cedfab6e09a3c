"""What a drill shares with its clean twin, and what each draws of its own."""

import numpy as np
import pytest

from heldout.practice.deck.companies import scene_of
from heldout.practice.deck.draws import drawn, own, shared
from heldout.practice.drill import Difficulty

PRODUCTS = ("a router", "a filter", "a camera", "a pump")


def test_a_seed_gives_one_scene_and_other_seeds_give_others() -> None:
    scenes = [scene_of("one", seed, Difficulty.EASY, PRODUCTS) for seed in range(40)]
    again = [scene_of("one", seed, Difficulty.EASY, PRODUCTS) for seed in range(40)]
    assert [(one.company, one.product) for one in scenes] == [(one.company, one.product) for one in again]
    assert len({(one.company, one.product) for one in scenes}) > 20


def test_other_kinds_are_about_other_companies() -> None:
    pairs = [(scene_of(kind, s, Difficulty.HARD, PRODUCTS) for kind in ("one", "other")) for s in range(20)]
    assert sum(first.company == second.company for first, second in pairs) < 10


def test_the_order_of_options_is_drawn_by_kind_seed_and_difficulty() -> None:
    given = [("one", 1, Difficulty.EASY), ("other", 1, Difficulty.EASY), ("one", 2, Difficulty.EASY)]
    assert len({float(shared(*one).random()) for one in [*given, ("one", 1, Difficulty.HARD)]}) == 4


def test_the_clean_twin_has_numbers_of_its_own() -> None:
    planted, clean = (own(3, Difficulty.MIDDLE, planted).random(4) for planted in (True, False))
    assert not np.allclose(planted, clean)


def test_a_world_is_drawn_until_it_decides() -> None:
    def at_least(least):
        return drawn(1, Difficulty.EASY, True, lambda rng, _, __: rng.random(), lambda world, _: world > least)

    assert at_least(0.9) > 0.9
    with pytest.raises(RuntimeError, match="no decisive world"):
        at_least(1)
