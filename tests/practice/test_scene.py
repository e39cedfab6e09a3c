"""Who a drill is about: shared by a drill and its clean twin, and different with the seed."""

import numpy as np

from heldout.practice.drill import Difficulty
from heldout.practice.scene import scene_of, world_rng

PRODUCTS = ("a router", "a filter", "a camera", "a pump")


def test_a_seed_gives_one_scene_and_other_seeds_give_others() -> None:
    scenes = [scene_of(seed, Difficulty.EASY, PRODUCTS) for seed in range(40)]
    again = [scene_of(seed, Difficulty.EASY, PRODUCTS) for seed in range(40)]
    assert [(one.company, one.product) for one in scenes] == [(one.company, one.product) for one in again]
    assert len({(one.company, one.product) for one in scenes}) > 20


def test_kinds_with_other_products_are_about_other_companies() -> None:
    other = ("a ferry", "a bank")
    pairs = [(scene_of(s, Difficulty.HARD, PRODUCTS), scene_of(s, Difficulty.HARD, other)) for s in range(20)]
    assert sum(first.company == second.company for first, second in pairs) < 10


def test_the_clean_twin_has_numbers_of_its_own() -> None:
    planted, clean = (world_rng(3, Difficulty.MIDDLE, planted).random(4) for planted in (True, False))
    assert not np.allclose(planted, clean)
