from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from tests.practice.mock.rehearsed import drill_of, play, subject_of, typed

from heldout.practice.answers import Standing, read
from heldout.practice.answers.anchors import find
from heldout.practice.answers.text import tokens
from heldout.practice.mock.aim import Level
from heldout.practice.mock.interviewer import heard, next_line
from heldout.practice.mock.script import KINDS, Phase, Script, script_of
from heldout.practice.mock.stored import facts_of, stored, stored_aims
from heldout.practice.mock.transcript import Event

VAGUE = "I would look at it in some detail and come back to you."


def vague(script: Script, line: Event) -> str:
    return "" if line.phase == Phase.CLARIFY else VAGUE


def test_the_phases_come_in_order_and_the_mock_ends(tmp_path: Path) -> None:
    _, events = play(subject_of(), vague, tmp_path / "t")

    main = [one.phase for one in events if one.what == "asks" and one.phase != Phase.INTERRUPT]
    order = [Phase.BRIEF, Phase.CLARIFY, Phase.PLAN, Phase.WORK, Phase.WRAP, Phase.QUESTIONS]
    assert list(dict.fromkeys(main)) == order
    assert [one.aim for one in events if one.what == "tells"] == ["start", "end"]
    assert events[-6].what == "ends"


def test_a_long_mock_interrupts_once_in_each_way_and_never_twice_in_a_row(tmp_path: Path) -> None:
    for seed in range(4):
        subject = subject_of()
        script = script_of(subject, seed=seed, level=Level.STAFF, minutes=45)
        assert Counter(one.kind for one in script.interruptions) == Counter(KINDS)
        _, events = play(subject, vague, tmp_path / str(seed), seed=seed, minutes=45)
        asked = [one.phase for one in events if one.what == "asks"]
        work = [place for place, phase in enumerate(asked) if phase == Phase.WORK]
        pairs = list(pairwise(asked))
        assert asked.count(Phase.INTERRUPT) == len(KINDS)
        assert (Phase.INTERRUPT, Phase.INTERRUPT) not in pairs[: work[-1]]


def test_the_seed_decides_what_interrupts_and_when() -> None:
    def drawn(seed: int) -> list[tuple[str, str, float]]:
        script = script_of(subject_of(), seed=seed, level=Level.MID, minutes=45)
        return [(one.name, one.says, one.due) for one in script.interruptions]

    assert drawn(3) == drawn(3)
    assert len({str(drawn(seed)) for seed in range(10)}) == 10


def test_the_wrong_claim_is_an_answer_that_earns_nothing_or_a_stored_one_that_is_false() -> None:
    for planted in (True, False):
        script = script_of(subject_of(planted=planted), seed=2, level=Level.MID, minutes=30)
        claim = next(one for one in script.interruptions if one.kind == "confident wrong claim")
        _, drill = drill_of(planted=planted)
        wrong = [
            option
            for question in drill.shown.questions
            for option, credit in zip(question.options, drill.keys[question.name].credit, strict=True)
            if credit == 0
        ]
        assert any(option.rstrip(".") in claim.says for option in wrong)
        assert "{" not in claim.says


def test_midpoint_wrap_and_end_follow_the_clock(tmp_path: Path) -> None:
    def slow(script: Script, line: Event) -> tuple[float, str]:
        return (100.0, VAGUE) if line.phase != Phase.CLARIFY else (5.0, "")

    _, events = play(subject_of(), slow, tmp_path / "t", minutes=20)

    moments = {one.aim: one.at for one in events if one.what == "tells"}
    assert list(moments) == ["start", "midpoint", "end"]
    assert moments["midpoint"] >= 600
    assert moments["end"] >= 1200
    late = [one for one in events if one.what == "asks" and one.at >= 0.85 * 1200]
    assert all(one.phase in (Phase.WRAP, Phase.QUESTIONS) for one in late)
    assert any(one.phase == Phase.WRAP for one in late)


def test_who_says_nothing_is_helped_then_probed_then_left_alone(tmp_path: Path) -> None:
    _, events = play(subject_of(), lambda *_: "", tmp_path / "t")

    for turn in ("plan", "work: what is seen"):
        whats = [one.what for one in events if one.turn == turn and one.who == "interviewer" and one.what != "tells"]
        assert whats == ["asks", "nudges", "probes"]
    assert any(one.phase == Phase.STUCK for one in events)


def test_a_pass_goes_on_at_once(tmp_path: Path) -> None:
    _, events = play(subject_of(), lambda *_: "pass", tmp_path / "t")

    assert {one.what for one in events if one.who == "interviewer"} == {"asks", "tells", "replies", "ends"}


def test_an_unclear_answer_is_probed_with_the_stored_choices_in_an_order_of_the_seed(tmp_path: Path) -> None:
    _, events = play(subject_of(), vague, tmp_path / "t")

    probe = next(one for one in events if one.what == "probes" and one.turn == "plan")
    assert probe.text.count("\n") == 3
    script = script_of(subject_of(), seed=1, level=Level.SENIOR, minutes=30)
    places = {
        script_of(subject_of(), seed=seed, level=Level.SENIOR, minutes=30)
        .probe("plan", script.turn("plan").aims[0])
        .right
        for seed in range(30)
    }
    assert places == {0, 1, 2}


def test_a_wrong_structured_answer_gets_a_second_look_and_a_right_one_does_not(tmp_path: Path) -> None:
    kind, drill = drill_of()

    def right(script: Script, line: Event) -> str:
        name = line.turn.removeprefix("work: ")
        return typed(kind, drill, name) if name in drill.keys else VAGUE

    def wrong(script: Script, line: Event) -> str:
        return "0.1" if line.turn == "work: constant" else VAGUE

    for candidate, expected in ((right, 0), (wrong, 1)):
        _, events = play(subject_of(), candidate, tmp_path / candidate.__name__)
        assert sum(one.what == "nudges" and one.turn == "work: constant" for one in events) == expected


def test_questions_are_answered_from_the_facts_and_what_is_not_known_is_said(tmp_path: Path) -> None:
    asks = iter(["What does a false alarm cost?", "Is the moon full?", "done"])

    def curious(script: Script, line: Event) -> str:
        return next(asks) if line.phase == Phase.CLARIFY else VAGUE

    _, events = play(subject_of(), curious, tmp_path / "t")

    replies = [one.text for one in events if one.what == "replies"]
    assert replies == [
        "Take it that a miss costs about ten times a false alarm.",
        "I do not know that. Make an assumption, and say that you make it.",
    ]


def test_the_next_line_is_the_same_for_the_same_transcript(tmp_path: Path) -> None:
    _, events = play(subject_of(), vague, tmp_path / "t")
    script = script_of(subject_of(), seed=1, level=Level.SENIOR, minutes=30)

    for place, event in enumerate(events):
        if event.who == "interviewer":
            assert next_line(script, events[:place], event.at, read) == event


@pytest.mark.parametrize("minutes", [3, 10, 45, 180])
def test_every_length_plays_to_its_end(tmp_path: Path, minutes: float) -> None:
    _, events = play(subject_of(), vague, tmp_path / "t", minutes=minutes)
    assert any(one.what == "ends" for one in events)


@pytest.mark.parametrize(
    "said",
    [
        "Whether to ship photo-first search; I would judge it by enquiries per user at the planned 28 days.",
        "Whether to ship photo-first search. I would judge it by enquiries per user.",
        "We decide whether to launch the search; the metric is enquiries per user.",
        "The decision is whether to ship the search to all users, judged by the difference in enquiries per user.",
    ],
)
def test_the_first_question_may_be_answered_as_people_speak(said: str) -> None:
    for aim in stored_aims("framing")[:2]:
        assert heard(read, said, aim)[0] is Standing.COVERED, aim.name


def test_what_is_asked_of_a_stopping_rule_is_not_told_of_the_baseline() -> None:
    facts = {one.text: one for one in facts_of(dict.fromkeys(("baseline",), "The control arm."))}
    about = facts["The control arm."].about
    assert not find(about, tokens("Was the stopping rule fixed in advance?"))
    assert find(about, tokens("Which rule is used today?"))


def test_a_mend_of_experiments_holds_for_a_test_that_was_ended_early_too() -> None:
    assert "run to its end" in stored("families")["experiments"]["fix_options"][0]


def test_nobody_is_told_that_it_is_half_way_while_they_close(tmp_path: Path) -> None:
    def fast_until_the_close(script: Script, line: Event) -> tuple[float, str]:
        return (320.0, VAGUE) if line.phase == Phase.WRAP else (1.0, vague(script, line))

    _, events = play(subject_of(), fast_until_the_close, tmp_path / "t", minutes=20)
    assert "midpoint" not in [one.aim for one in events if one.what == "tells"]
