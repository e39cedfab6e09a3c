import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest
from tests.report.hostile import HOSTILE, LONG
from tests.report.worlds import careful, leaky, three

from heldout.core.card import Card
from heldout.core.estimate import Estimate, counted, undefined
from heldout.report import charts
from heldout.report.reading import steps

SVG = "{http://www.w3.org/2000/svg}"


def test_the_lift_is_drawn_with_its_interval_the_minimum_and_the_target() -> None:
    card = careful()
    drawn = charts.lift_chart(card.lift, card.target)
    assert drawn is not None
    for text in ("minimum +2 %", "target +5 %", "+6.3 % [+4.3, +8.4]", "lift over the re-run baseline, %"):
        assert f">{text}</text>" in drawn


def test_the_score_is_drawn_as_steps_from_reported_to_supported() -> None:
    card = leaky()
    drawn = charts.score_chart(
        card.metric, card.reported, card.supported, steps(card.reported, card.supported, card.prices)
    )
    assert drawn is not None
    order = ["reported", "column dep_delay", "random split", "not priced", "supported"]
    places = [drawn.index(f">{text}</text>") for text in order]
    assert places == sorted(places)
    assert ">−0.263</text>" in drawn


def test_an_axis_is_drawn_with_its_weight_and_its_count() -> None:
    drawn = charts.axes_chart(leaky().axes)
    assert drawn is not None
    assert ">reproducibility (weight 40 %)</text>" in drawn
    assert ">2 of 3</text>" in drawn


def test_each_band_has_a_shape_of_its_own_and_its_word_in_the_reversal() -> None:
    drawn = charts.reversal_chart(three())
    assert drawn is not None
    for text in ("careful: target", "leaky: fail", "notebook: fail"):
        assert f">{text}</text>" in drawn
    assert len(set(charts.SHAPES.values())) == len(charts.SHAPES)


def test_what_cannot_be_drawn_is_none_not_an_empty_picture() -> None:
    card = careful()
    assert card.lift is not None
    no_interval = undefined("one cluster", n=3, method="test", value=0.1)
    assert charts.lift_chart(None, card.target) is None
    assert charts.lift_chart(replace(card.lift, estimate=no_interval), card.target) is None
    assert charts.score_chart("auc", None, card.supported, ()) is None
    assert charts.axes_chart(()) is None
    assert charts.reversal_chart([replace(card, lift=None)]) is None
    assert charts.reversal_chart([]) is None


@pytest.mark.parametrize("value", [1e300, -1e300, 1e13])
def test_numbers_beyond_every_axis_are_not_drawn(value: float) -> None:
    wild = Estimate(value=value, low=value, high=value, n=1, method="test")
    card = careful()
    assert card.lift is not None
    assert charts.lift_chart(replace(card.lift, estimate=wild), card.target) is None
    assert charts.score_chart("loss", 0.5, wild, steps(0.5, wild)) is None


@pytest.mark.parametrize("text", ["\x08", "\x00", "\ufffe", "\udcff", HOSTILE, LONG, "", "\u202e", "</svg><script>"])
def test_no_text_stops_the_drawing_engine_or_leaves_its_text_element(text: str) -> None:
    # vl-convert ends the whole process at a control character: text is cleaned before it is drawn
    card = leaky()
    assert card.lift is not None
    silent = undefined(text or "none", n=0, method=text, value=0.5)
    axes = [replace(axis, name=text, score=silent) for axis in card.axes]
    prices = [replace(price, what=text) for price in card.prices]
    target = replace(card.target)
    for drawn in (
        charts.axes_chart(axes),
        charts.score_chart(text, card.reported, card.supported, steps(card.reported, card.supported, prices)),
        charts.lift_chart(replace(card.lift, metric=text), target),
        charts.reversal_chart([replace(card, submission=text, metric=text)]),
    ):
        assert drawn is not None
        assert "<script" not in drawn
        assert drawn.count("</svg>") == 1


def test_the_label_of_a_mark_just_below_another_gives_way_and_the_other_stays() -> None:
    def built(name: str, share: float) -> Card:
        score = counted(share, n=10)
        return replace(careful(), submission=name, axes=tuple(replace(axis, score=score) for axis in careful().axes))

    first, second = built("first", 1.0), built("second", 0.9)

    def places(*cards: Card) -> dict[str | None, str]:
        drawn = ET.fromstring(charts.reversal_chart(cards) or "")
        return {text.text: text.attrib["transform"] for text in drawn.iter(f"{SVG}text") if "transform" in text.attrib}

    together = places(first, second)
    assert together["second: target"] != places(second)["second: target"]
    assert together["first: target"] == places(first)["first: target"]
