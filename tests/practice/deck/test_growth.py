"""How a measured time grows."""

import numpy as np
import pytest

from heldout.practice.deck.growth import at_size, slope


def test_the_slope_is_that_of_least_squares() -> None:
    sizes, seconds = [1e3, 2e3, 5e3, 9e3], [0.2, 0.7, 4.1, 15.0]
    assert slope(sizes, seconds) == pytest.approx(np.polyfit(np.log(sizes), np.log(seconds), 1)[0])
    assert at_size([1, 2], [3, 12], 4) == pytest.approx(48)
