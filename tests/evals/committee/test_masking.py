"""Masking: what tells who made a work is gone, and ordinary words stay."""

import random
import string

import pytest

from heldout.evals.committee.masking import ADDRESS, PERSON, Identities, masked

ADA = Identities(
    candidate="cand-7", names=("Ada King Lovelace", "Will Li", "A"), addresses=("12+adalove@users.noreply.example.com",)
)


@pytest.mark.parametrize(
    "text",
    [
        "Ada King Lovelace",
        "ADA KING LOVELACE",
        "ada.king.lovelace",
        "AdaKingLovelace",
        "Lovelace, King Ada",
        "Lovelace",
        "cand-7",
        "CAND-7",
        "adalove",
        "github.com/adalove/x",
        "willli",
        "Ada",
        "Ada's",
    ],
)
def test_names_and_handles_go(text: str) -> None:
    found = masked(f"by {text} today", ADA)
    assert PERSON in found
    assert not any(part in found.lower() for part in ("lovelace", "adalove", "cand", "ada"))


@pytest.mark.parametrize("text", ["a@example.org", "grace.hopper+x@navy.mil.example", "<git@host.example:x/y>"])
def test_every_address_goes_whoever_it_is(text: str) -> None:
    assert ADDRESS in masked(text, ADA)
    assert "@" not in masked(text, ADA)


@pytest.mark.parametrize("text", ["it will train", "A baseline", "the king of x", "max(a, b)", "a canada goose"])
def test_ordinary_words_stay(text: str) -> None:
    assert masked(text, ADA) == text


def test_nothing_of_the_names_is_a_pattern() -> None:
    odd = Identities(candidate="c", names=("(.*)", "[a-z]+ $", "x|y"), addresses=("+@", ".*@b.example"))
    assert masked("plain text, x and y", odd) == "plain text, x and y"


def test_hostile_names_and_texts_are_masked_in_the_end() -> None:
    rng = random.Random(1)
    names = tuple("".join(rng.choices(string.ascii_letters + " .,", k=60)) for _ in range(200))
    hostile = Identities(candidate="c" * 40, names=names, addresses=())
    for text in ("a" * 50_000, "a." * 25_000, "@a" * 25_000, "A a" * 15_000, names[0][:-1] * 500):
        assert names[0] not in masked(f"{text} {names[0]} {text}", hostile)
