import io
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console
from tests.practice.mock.rehearsed import drill_of, play, subject_of, typed

from heldout.core.errors import BadInput
from heldout.practice.mock.aim import Dimension, Level, Stage
from heldout.practice.mock.marks import Made, Quote
from heldout.practice.mock.rubric import DIMENSION_WEIGHTS, STAGE_WEIGHTS
from heldout.practice.mock.score import MockScore, score_of, score_text
from heldout.practice.mock.script import Phase, Script
from heldout.practice.mock.transcript import Event, read_transcript
from heldout.practice.mock.view import score_view
from heldout.practice.session.typed import LETTERS

GOOD = {
    "brief": "We decide whether it goes live next week. I judge it by recall and precision.",
    "plan": "I finish a simple baseline first, in ten minutes. Then I check the split for leaks. I drop the tuning.",
    "work: what is seen": "The model does not beat the majority class. The majority class is right on 97.85%.",
    "work: what to do": "First I report recall and precision beside the base rate. I measure it again on the same "
    "rows. I leave the architecture for later.",
    "work: how it is tested": "I write a test first that fails where the accuracy is below the constant. It covers "
    "nulls and duplicates, with a threshold of one percent. It runs in CI with every change.",
    "wrap": "I recommend that we do not ship it. The interval of recall is between 2 and 20 percent. The largest risk "
    "is that there are few cases. Next I ask what a miss costs.",
    "questions": "Who reads the score?",
    "interrupt: wrong-claim": "I do not agree. I would check the table with you.",
    "interrupt: time-check": "The baseline is done and the close is missing. The most important part is the number. "
    "I drop the slices.",
}


def answering(said: dict[str, str], *, probes_right: bool):
    kind, drill = drill_of()
    asked: dict[str, int] = {}

    def candidate(script: Script, line: Event) -> str:
        if line.what == "probes":
            aim = next(one for one in script.turn(line.turn).aims if one.name == line.aim)
            right = script.probe(line.turn, aim).right
            return LETTERS[right if probes_right else (right + 1) % 3]
        if line.phase == Phase.CLARIFY:
            asked["clarify"] = asked.get("clarify", 0) + 1
            questions = ["What does a miss cost?", "By which unit are rows split?", "What is the baseline today?"]
            return questions[asked["clarify"] - 1] if asked["clarify"] <= 3 and said else ""
        name = line.turn.removeprefix("work: ")
        if name in drill.keys:
            return typed(kind, drill, name) if said else "pass"
        return said.get(line.turn, "I would look at it in some detail.")

    return candidate


def scored(path: Path, said: dict[str, str], *, level: Level = Level.SENIOR, probes_right: bool = True) -> MockScore:
    candidate = answering(said, probes_right=probes_right)
    header, events = play(subject_of(), candidate, path, level=level, minutes=30)
    return score_of(header, events, subject_of())


def test_a_replayed_transcript_gives_the_same_bytes(tmp_path: Path) -> None:
    first = score_text(scored(tmp_path / "t", GOOD))

    for _ in range(3):
        header, events = read_transcript(tmp_path / "t")
        assert score_text(score_of(header, events, subject_of())) == first


def test_a_good_mock_is_scored_far_above_a_vague_one(tmp_path: Path) -> None:
    good = scored(tmp_path / "good", GOOD)
    vague = scored(tmp_path / "vague", {}, probes_right=False)

    assert good.overall is not None
    assert vague.overall is not None
    assert good.overall > 75
    assert vague.overall < 10
    levels = {one.dimension: one.level for one in good.dimensions}
    assert levels[Dimension.COMMUNICATION] is Level.STAFF
    assert levels[Dimension.TECHNICAL] is Level.SENIOR
    assert {one.level for one in vague.dimensions} <= {None, Level.JUNIOR}


def test_what_is_only_found_with_a_probe_is_worth_less_the_higher_the_level(tmp_path: Path) -> None:
    by_level = [scored(tmp_path / level, {}, level=level).overall for level in Level]

    assert by_level == sorted(by_level, key=lambda one: -(one or 0))
    assert by_level[0] is not None
    assert by_level[0] > 0
    assert by_level[-1] < 5
    marks = [mark for one in scored(tmp_path / "again", {}, level=Level.JUNIOR).dimensions for mark in one.marks]
    assert any(mark.made is Made.HELPED for mark in marks)


def test_help_passes_the_gate_of_a_junior_and_no_other(tmp_path: Path) -> None:
    levels = {one.level for one in scored(tmp_path / "t", {}, level=Level.STAFF).dimensions}
    assert levels <= {Level.JUNIOR, None}


def test_the_opposite_of_a_point_earns_less_than_silence_and_is_quoted(tmp_path: Path) -> None:
    wrong = GOOD | {"work: what is seen": "The model beats the majority class by far."}
    score = scored(tmp_path / "t", wrong)

    mark = next(
        mark
        for one in score.dimensions
        for mark in one.marks
        if mark.turn == "work: what is seen" and mark.stage is Stage.FINDS
    )
    assert mark.made is Made.WRONG
    assert mark.evidence[0].who == "candidate"
    assert mark.evidence[0].said == "The model beats the majority class by far."
    assert mark.evidence[0].at > 0
    without = scored(tmp_path / "u", GOOD | {"work: what is seen": "pass"})
    points = [
        next(one.points for one in each.dimensions if one.dimension is Dimension.JUDGEMENT) for each in (score, without)
    ]
    assert points[0] < points[1]


def test_a_list_of_the_right_words_earns_nothing(tmp_path: Path) -> None:
    words = "baseline, leak, split, recall, precision, duplicates, first, drop, percent, risk, next, ship"
    score = scored(tmp_path / "t", dict.fromkeys(GOOD, words), probes_right=False)
    open_marks = [
        mark
        for one in score.dimensions
        for mark in one.marks
        if mark.turn not in ("clarify", "work: constant") and mark.turn.removeprefix("work: ") not in drill_of()[1].keys
    ]
    assert open_marks
    assert not [mark for mark in open_marks if mark.made in (Made.ALONE, Made.HELPED)]


def test_every_credited_point_of_an_open_answer_quotes_words_that_were_said(tmp_path: Path) -> None:
    score = scored(tmp_path / "t", GOOD)
    _, events = read_transcript(tmp_path / "t")
    said = [one.text for one in events if one.who == "candidate"]
    for one in score.dimensions:
        for mark in one.marks:
            if mark.made is Made.ALONE:
                assert mark.evidence
                assert all(any(quote.said in text for text in said) for quote in mark.evidence)


def test_self_scores_stand_beside_and_change_nothing(tmp_path: Path) -> None:
    header, events = play(subject_of(), answering(GOOD, probes_right=True), tmp_path / "t", self_score="90")
    _, others = play(subject_of(), answering(GOOD, probes_right=True), tmp_path / "u", self_score="")
    high, none = (score_of(header, each, subject_of()) for each in (events, others))

    assert {one.self_score for one in high.dimensions} == {90.0}
    assert {one.self_score for one in none.dimensions} == {None}
    assert high.overall == none.overall
    first = next(place for place, one in enumerate(events) if one.what == "self-score")
    assert all(one.what == "self-score" for one in events[first:])


def test_a_mock_that_was_left_scores_what_was_answered_and_says_that_it_is_unfinished(tmp_path: Path) -> None:
    header, events = play(subject_of(), answering(GOOD, probes_right=True), tmp_path / "t")
    part = [one for one in events if one.at < 60 and one.what != "self-score"]
    score = score_of(header, part, subject_of())

    assert not score.is_finished
    assert 0 < sum(one.n for one in score.dimensions) < 15
    assert score_of(header, [], subject_of()).overall is None


def test_another_subject_or_rubric_is_refused(tmp_path: Path) -> None:
    header, events = play(subject_of(), answering(GOOD, probes_right=True), tmp_path / "t")
    with pytest.raises(BadInput, match="subject is not the one"):
        score_of(header, events, subject_of(seed=8))
    with pytest.raises(BadInput, match="rubric"):
        score_of(replace(header, rubric=0), events, subject_of())
    with pytest.raises(BadInput, match="script does not have"):
        score_of(header, [replace(events[1], turn="nowhere", what="asks"), events[2]], subject_of())


def test_levels_share_stages_and_dimensions_and_differ_in_weights() -> None:
    for table, keys in ((STAGE_WEIGHTS, Stage), (DIMENSION_WEIGHTS, Dimension)):
        assert all(set(table[level]) == set(keys) for level in Level)
        assert len({tuple(table[level].values()) for level in Level}) == len(Level)
    finds = [STAGE_WEIGHTS[level][Stage.FINDS] / sum(STAGE_WEIGHTS[level].values()) for level in Level]
    assert finds == sorted(finds, reverse=True)


def test_the_points_of_a_score_are_set_in_and_silence_is_not_quoted(tmp_path: Path) -> None:
    score = scored(tmp_path / "t", {"work": "The model does not beat the majority class."})
    silent = Quote(at=3.0, who="candidate", said="")
    first = next(one for one in score.dimensions if one.marks)
    quiet = replace(first, marks=(replace(first.marks[0], evidence=(silent,)), *first.marks[1:]))
    score = replace(score, dimensions=(quiet, *(one for one in score.dimensions if one is not first)))
    console = Console(file=io.StringIO(), width=80)
    console.print(score_view(score))
    said = console.file.getvalue()
    marks = said.split("\nProblem framing", 1)[1].splitlines()
    heads = ("Evaluation judgement", "Technical", "Testing", "Communication")
    assert all(not line.strip() or line.startswith(("  ", *heads)) for line in marks[1:])
    assert '""' not in said
