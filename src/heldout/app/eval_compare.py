"""Puts cards side by side: of an eval with differences on the same rows, of cards alone from their intervals."""

import itertools
import json
from collections.abc import Sequence
from pathlib import Path

from heldout.app.eval_grade import card_of, has_card
from heldout.app.eval_talk import opened_workspace
from heldout.app.grade import BASIS
from heldout.core.card import Card
from heldout.core.errors import BadInput
from heldout.core.estimate import undefined
from heldout.core.side_by_side import PairDifference, SideBySide, side_by_side
from heldout.evals.brief import open_brief
from heldout.evals.cards import of_one_brief, read_cards
from heldout.evals.grading.paired import paired_differences
from heldout.evals.record.workspace import CandidateRecord, Workspace
from heldout.stats.difference import interval_difference

__all__ = ["compare_cards", "graded_records", "is_eval"]


def is_eval(path: Path) -> bool:
    """Tell whether a path is the folder of an eval, and no card."""
    return (path / "brief.toml").is_file() and not (path / "card.json").is_file()


def compare_cards(paths: Sequence[Path]) -> SideBySide:
    """Compare the cards at these paths, or all graded candidates of the one eval that is named.

    Raises BadInput where there is no card, or the cards are of several evals.
    """
    if len(paths) == 1 and is_eval(paths[0]):
        return _of_eval(opened_workspace(paths[0]))
    if any(is_eval(path) for path in paths):
        raise BadInput("an eval cannot be compared with cards", expected="one eval, or cards of one brief")
    cards = read_cards(paths)
    return side_by_side(cards, [_unpaired(*pair) for pair in itertools.combinations(cards, 2)])


def graded_records(workspace: Workspace) -> tuple[CandidateRecord, ...]:
    """Return the candidates of an eval that have a card. Raises BadInput where there is none."""
    found = tuple(record for record in workspace.candidates() if has_card(record))
    if not found:
        raise BadInput("nobody was graded yet", where=str(workspace.folder), mend="heldout eval grade EVAL NAME")
    return found


def _of_eval(workspace: Workspace) -> SideBySide:
    records = graded_records(workspace)
    cards = of_one_brief([card_of(record) for record in records])
    scores = {record.name: score for record in records if (score := _score_of(record))}
    pairs = list(itertools.combinations(cards, 2))
    paired = [(one, other) for one, other in pairs if _is_scored(one, scores) and _is_scored(other, scores)]
    names = [(one.submission, other.submission) for one, other in paired]
    estimates = paired_differences(open_brief(workspace.folder), scores, names)
    found = {
        pair: PairDifference(first=pair[0], second=pair[1], estimate=estimate, is_paired=True)
        for pair, estimate in zip(names, estimates, strict=True)
    }
    differences = [found.get((one.submission, other.submission)) or _unpaired(one, other) for one, other in pairs]
    return side_by_side(cards, differences)


def _is_scored(card: Card, scores: dict[str, Path]) -> bool:
    return card.submission in scores and card.lift is not None


def _score_of(record: CandidateRecord) -> Path | None:
    """Return the folder of what was scored; None where the score was withheld or the runs are gone."""
    path = record.folder / "graded" / record.name / BASIS
    named = json.loads(path.read_text(encoding="utf-8"))["score"] if path.is_file() else None
    folder = None if named is None else record.folder / "graded" / named
    return folder if folder is not None and (folder / "question.json").is_file() else None


def _unpaired(one: Card, other: Card) -> PairDifference:
    names = {"first": one.submission, "second": other.submission}
    if one.lift is None or other.lift is None:
        gone = undefined("one of them has no lift", n=0, method="independent intervals, MOVER")
        return PairDifference(**names, estimate=gone, is_paired=False)
    return PairDifference(
        **names, estimate=interval_difference(one.lift.estimate, other.lift.estimate), is_paired=False
    )
