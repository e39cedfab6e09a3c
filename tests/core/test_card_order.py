"""Cards in order, and how far the weights decide it."""

import dataclasses

import pytest
from tests.report import worlds

from heldout.core.card import Card
from heldout.core.card_order import order_of
from heldout.core.estimate import counted, undefined
from heldout.core.lift import Band, Decision


def card(name: str, band: Band, scores: tuple[float | None, float | None, float | None]) -> Card:
    base = worlds.careful()
    axes = tuple(
        dataclasses.replace(
            axis, score=undefined("none", n=0, method="") if score is None else counted(score, n=4, method="share")
        )
        for axis, score in zip(base.axes, scores, strict=True)
    )
    decision = Decision(band=band, reasons=("",), at_minimum=None)
    return dataclasses.replace(base, submission=name, decision=decision, axes=axes)


def test_who_reached_the_bar_comes_first_then_the_better_built() -> None:
    fast = card("fast", Band.TARGET, (0.2, 0.5, 0.0))
    built = card("built", Band.PASS, (1.0, 1.0, 0.8))
    failed = card("failed", Band.FAIL, (1.0, 1.0, 1.0))
    open_ = card("open", Band.UNDECIDED, (1.0, 1.0, 1.0))

    assert order_of([failed, fast, open_, built]).names == ("built", "fast", "open", "failed")


def test_weights_cannot_turn_what_bands_decide_nor_what_is_better_on_every_axis() -> None:
    ordered = order_of(
        [card("a", Band.PASS, (1, 1, 1)), card("b", Band.PASS, (0.5, 0.5, 0.5)), card("c", Band.FAIL, (1, 1, 1))]
    )

    assert [pair.share for pair in ordered.neighbours] == [1.0, 1.0]
    assert [pair.is_by_band for pair in ordered.neighbours] == [False, True]
    assert ordered.same == 1.0


def test_two_that_are_good_at_opposite_things_are_ahead_under_half_of_the_weights() -> None:
    ordered = order_of([card("a", Band.PASS, (1, 0.5, 0)), card("b", Band.PASS, (0, 0.5, 1))])

    assert ordered.neighbours[0].share == pytest.approx(0.5, abs=1e-12)
    assert ordered.weights == 231


def test_an_undefined_axis_puts_a_card_last_within_its_band() -> None:
    ordered = order_of([card("unknown", Band.PASS, (1, None, 1)), card("known", Band.PASS, (0.1, 0.1, 0.1))])

    assert ordered.names == ("known", "unknown")
    assert ordered.scores["unknown"] is None
    assert order_of([]).names == ()
