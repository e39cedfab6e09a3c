"""Candidates of an eval side by side on the rows that all predicted, and cards alone by their intervals."""

import json
from pathlib import Path

import pytest
from tests.cli.conftest import Run

from heldout.app.eval_compare import compare_cards
from heldout.app.eval_correct import Wish, decide_reply
from heldout.app.eval_finish import reply
from heldout.core.errors import BadInput
from heldout.core.finding import Ending
from heldout.evals.record.workspace import Workspace


def test_candidates_of_an_eval_are_compared_on_the_same_rows(graded_once: Workspace) -> None:
    compared = compare_cards([graded_once.folder])

    assert [card.submission for card in compared.cards] == ["bea", "ada", "cyd"]
    pairs = {(one.first, one.second): one for one in compared.differences}
    assert all(one.is_paired for one in pairs.values())
    assert pairs["ada", "bea"].is_tie is True
    assert pairs["ada", "cyd"].is_tie is False
    assert pairs["ada", "cyd"].estimate.low > 0.1
    assert "clusters" in pairs["ada", "cyd"].estimate.method
    assert {one.submission: one.by_lift for one in compared.places} == {"ada": (1, 2), "bea": (1, 2), "cyd": (3, 3)}
    assert [one.code for one in compared.evidence if one.second == "ada"] == ["ARC003"]


def test_cards_alone_are_compared_by_wider_intervals_and_it_is_said(graded_once: Workspace) -> None:
    paired = compare_cards([graded_once.folder])
    folders = [graded_once.folder / "record" / name / "graded" / name for name in ("ada", "bea", "cyd")]

    alone = compare_cards(folders)

    assert not any(one.is_paired for one in alone.differences)
    (tie,) = [one for one in alone.differences if (one.first, one.second) == ("ada", "bea")]
    (close,) = [one for one in paired.differences if (one.first, one.second) == ("ada", "bea")]
    base = paired.cards[0].lift.baseline.value
    assert tie.estimate.high - tie.estimate.low > 3 * (close.estimate.high - close.estimate.low) / base


def test_the_command_writes_a_page_markdown_and_json(run: Run, graded_once: Workspace, tmp_path: Path) -> None:
    code, out, _ = run("eval", "compare", graded_once.folder, "--out", tmp_path / "out")

    assert code == 0
    assert "they cannot be told apart" in out
    assert "ends differently: bea and ada" in out
    page, text = ((tmp_path / "out" / f"compare.{kind}").read_text() for kind in ("html", "md"))
    assert page.count("<svg") == 4
    assert "What ends differently: bea and ada" in text
    plain = json.loads((tmp_path / "out" / "compare.json").read_text())
    assert [one["submission"] for one in plain["places"]] == ["bea", "ada", "cyd"]
    assert json.loads(run("eval", "compare", graded_once.folder, "--json")[1]) == plain


def test_an_amended_card_is_the_one_that_is_compared(graded: Workspace) -> None:
    ada = graded.candidate("ada")
    reply(ada, "There are tests in the wiki.")
    wish = Wish(code="ARC003", ending=Ending.CLEAR)
    decide_reply(graded, ada, 1, accept=True, why="There are.", by="us", wish=wish)

    compared = compare_cards([graded.folder])

    assert not [one for one in compared.evidence if one.code == "ARC003" and {one.first, one.second} == {"ada", "bea"}]
    assert {one.submission: (one.place, one.is_shared) for one in compared.places} == {
        "ada": (1, True),
        "bea": (1, True),
        "cyd": (3, False),
    }


def test_an_eval_among_cards_and_one_without_a_card_are_bad_input(graded: Workspace) -> None:
    card = graded.folder / "record" / "ada" / "graded" / "ada"
    with pytest.raises(BadInput, match="cannot be compared with cards"):
        compare_cards([graded.folder, card])
    for name in ("ada", "bea", "cyd"):
        (graded.folder / "record" / name / "graded" / name / "card.json").unlink()
    with pytest.raises(BadInput, match="nobody was graded"):
        compare_cards([graded.folder])
