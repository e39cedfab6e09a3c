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


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("José Núñez", "Jose Nunez"),
        ("José Núñez", "jose-nunez"),
        ("Jose Nunez", "José Núñez"),
        ("Jose Nunez", "Jose\u0301 Nu\u0301n\u0303ez"),
        ("Søren Łuk", "soren.luk"),
        ("Grace Hopper", "Grace Hop\u200bper"),
        ("Grace Hopper", "Grace Hop\u00adper"),
        ("Grace Hopper", "\uff27\uff52\uff41\uff43\uff45 \uff28\uff4f\uff50\uff50\uff45\uff52"),
        ("José Núñez", r"Jos\xe9 N\xfa\xf1ez"),
        ("José Núñez", r"Jos\u00e9 N\u00fa\u00f1ez"),
        ("Núñez", r"N\xfa\xf1ez"),
        ("李明", r"\u674e\u660e"),
    ],
)
def test_a_name_goes_however_its_letters_are_written(name: str, text: str) -> None:
    """Accents, invisible signs and wide letters make no difference, nor how claims, Python and JSON escape them."""
    assert masked(f"é by {text}, é", Identities(candidate="c7", names=(name,))) == f"é by {PERSON}, é"


@pytest.mark.parametrize("text", ["Grace Hopper", "grace-hopper", "gracehopper", "GraceHopper", "Hopper, Grace"])
def test_the_name_in_an_address_goes_in_every_way_in_which_names_are_written(text: str) -> None:
    found = masked(f"by {text}", Identities(candidate="c7", names=("gh",), addresses=("grace.hopper@navy.example",)))
    assert found == f"by {PERSON}"


@pytest.mark.parametrize("text", ["/home/hopper/work/a.csv", "/Users/hopper/work", r"C:\Users\hopper\work"])
def test_a_home_folder_names_nobody(text: str) -> None:
    found = masked(f"read {text} {text}", Identities(candidate="c7"))
    assert "hopper" not in found
    assert "work" in found


def test_a_long_history_does_not_push_the_candidate_out() -> None:
    crowd = tuple(f"Somebody Else {number}" for number in range(200))
    addresses = tuple(f"somebody.else.{number}@example.org" for number in range(200))
    found = masked("ada and Somebody Else 7", Identities(candidate="ada", names=crowd, addresses=addresses))
    assert found == f"{PERSON} and {PERSON}"


def test_nothing_of_the_names_is_a_pattern() -> None:
    odd = Identities(candidate="c", names=("(.*)", "[a-z]+ $", "x|y"), addresses=("+@", ".*@b.example"))
    assert masked("plain text, x and y", odd) == "plain text, x and y"


def test_hostile_names_and_texts_are_masked_in_the_end() -> None:
    rng = random.Random(1)
    names = tuple("".join(rng.choices(string.ascii_letters + " .,", k=60)) for _ in range(200))
    hostile = Identities(candidate="c" * 40, names=names, addresses=())
    for text in ("a" * 50_000, "a." * 25_000, "@a" * 25_000, "A a" * 15_000, names[0][:-1] * 500):
        assert names[0] not in masked(f"{text} {names[0]} {text}", hostile)
