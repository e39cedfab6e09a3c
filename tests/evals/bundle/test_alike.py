"""Plain data of a bundle beside what is worked out again: whatever somebody wrote there, it is alike or it is not."""

import json

import pytest

from heldout.evals.bundle.verify import alike


@pytest.mark.parametrize("text", ["Infinity", "-Infinity", "NaN", '"0.5"', "null", "[0.5]", "1" + "0" * 400, "true"])
def test_what_is_another_thing_than_a_number_is_not_like_it(text: str) -> None:
    assert not alike(0.5, json.loads(text))
    assert not alike(json.loads(text), 0.5)


def test_numbers_are_alike_to_nine_digits() -> None:
    assert alike({"a": [0.1 + 0.2, 1e12]}, {"a": [0.3, 1e12 + 1e-3]})
    assert not alike(0.3, 0.3000001)
    assert alike(None, None)
    assert not alike(None, 0.5)
