import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator
from tests.report.comparisons import gated, hostile_comparison, several, tied, undecided
from tests.report.hostile import hostile_card, hostile_verdict
from tests.report.random_reports import cards, verdicts
from tests.report.worlds import careful, clean_verdict, leaky_verdict, priced_verdict, three

from heldout.core.card import Card
from heldout.core.comparison import Comparison
from heldout.core.verdict import Verdict
from heldout.report.json import schema, to_json

SCHEMAS = Path(__file__).parents[2] / "docs" / "schema"


def valid(text: str, kind: str) -> Any:
    data = json.loads(text)
    Draft202012Validator(schema(kind)).validate(data)
    return data


@pytest.mark.parametrize("kind", ["verdict", "card", "cards", "comparison"])
def test_a_schema_is_a_valid_schema_of_2020_12(kind: str) -> None:
    Draft202012Validator.check_schema(schema(kind))


@pytest.mark.parametrize("kind", ["verdict", "card", "comparison"])
def test_the_published_schema_is_the_one_that_the_types_give(kind: str) -> None:
    published = json.loads((SCHEMAS / f"{kind}.json").read_text(encoding="utf-8"))
    assert published == schema(kind), "stale; mend with: make docs"


@pytest.mark.parametrize("card", three(), ids=lambda card: card.submission)
def test_a_card_keeps_to_its_schema(card: Card) -> None:
    data = valid(to_json(card), "card")
    assert data["schema"] == "heldout.card.v1"
    assert data["submission"] == card.submission
    assert data["decision"]["band"] == card.decision.band.value


@pytest.mark.parametrize("verdict", [leaky_verdict(), clean_verdict()], ids=lambda verdict: verdict.title)
def test_a_verdict_keeps_to_its_schema_and_says_whether_it_is_undecided(verdict: Verdict) -> None:
    data = valid(to_json(verdict), "verdict")
    assert data["is_undecided"] is verdict.is_undecided


@pytest.mark.parametrize("make", [gated, several, tied, undecided, hostile_comparison], ids=lambda make: make.__name__)
def test_a_comparison_keeps_to_its_schema(make: Callable[[], Comparison]) -> None:
    text = to_json(make())
    data = valid(text, "comparison")
    assert text.isascii()
    assert data["schema"] == "heldout.comparison.v1"
    assert len(text) < 200_000


def test_several_cards_are_one_document_with_their_own_schema() -> None:
    data = valid(to_json(three()), "cards")
    assert [card["submission"] for card in data["cards"]] == ["careful", "leaky", "notebook"]


@given(verdicts)
@settings(max_examples=60, deadline=None)
def test_any_verdict_keeps_to_its_schema(verdict: Verdict) -> None:
    valid(to_json(verdict), "verdict")


@given(cards)
@settings(max_examples=60, deadline=None)
def test_any_card_keeps_to_its_schema(card: Card) -> None:
    valid(to_json(card), "card")


def test_a_card_with_an_unknown_key_or_a_missing_one_breaks_the_schema() -> None:
    data = json.loads(to_json(careful()))
    validator = Draft202012Validator(schema("card"))
    assert not validator.is_valid(data | {"bonus": 1})
    assert not validator.is_valid({key: data[key] for key in data if key != "isolation"})
    assert not validator.is_valid(data | {"schema": "heldout.card.v0"})


def test_keys_stand_in_the_order_of_the_schema_and_a_second_writing_is_the_same_text() -> None:
    assert list(json.loads(to_json(careful()))) == list(schema("card")["properties"])
    assert list(json.loads(to_json(leaky_verdict()))) == list(schema("verdict")["properties"])
    assert to_json(careful()) == to_json(careful())


def test_hostile_text_comes_back_as_it_was_in_plain_ascii() -> None:
    for text, kind in ((to_json(hostile_card()), "card"), (to_json(hostile_verdict()), "verdict")):
        assert text.isascii()
        assert "\x1b" not in text
        valid(text, kind)
    assert "\x1b[31mred" in json.loads(to_json(hostile_card()))["isolation"]


def test_a_number_that_is_not_finite_is_refused() -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        to_json(replace(careful(), reported=float("nan")))


def test_a_refit_is_in_the_json_whole() -> None:
    data = valid(to_json(priced_verdict()), "verdict")
    assert data["score"]["basis"] == "proxy"
    assert data["score"]["refit"]["prices"][0]["first_in"]["value"] == 0.012
    assert data["score"]["refit"]["prices"][2]["certainty"] is None
    assert data["score"]["unaffected"]["kept"] == 0.73
