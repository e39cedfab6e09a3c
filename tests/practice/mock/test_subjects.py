"""Every kind of the deck and every theme of a walkthrough makes a subject that can be played, kept and read back."""

from collections import Counter

import pytest

from heldout.core.estimate import Measure, counted
from heldout.core.walkthrough import Anchors, Question, Source, Walkthrough, Worth
from heldout.evals.walkthrough.question import THEMES
from heldout.practice.answers import read
from heldout.practice.deck import deck
from heldout.practice.drill import Difficulty, Family, Kind
from heldout.practice.mock.aim import Dimension, Level, Stage
from heldout.practice.mock.dealing import drill_subject
from heldout.practice.mock.of_drill import subject_of_drill
from heldout.practice.mock.of_walkthrough import subject_of_walkthrough
from heldout.practice.mock.script import script_of
from heldout.practice.mock.stored import stored, stored_aims
from heldout.practice.mock.subject import Subject, read_subject, subject_hash, subject_text


def breaches(subject: Subject) -> list[str]:
    """Return what is wrong with a subject's topics, in words."""
    found = []
    for topic in subject.topics:
        names = [aim.name for aim in topic.aims]
        if not names or len(set(names)) != len(names):
            found.append(f"{topic.name}: points without a name of their own")
        if (topic.question is None) != (topic.key is None):
            found.append(f"{topic.name}: a question without its key")
        for aim in topic.aims:
            probe = aim.points[0].probe
            if topic.question is None and not (len(probe.options) >= 2 and 0 <= probe.right < len(probe.options)):
                found.append(f"{topic.name}: the probe of {aim.name} has no right option")
    return found


@pytest.mark.parametrize("kind", deck(), ids=lambda kind: f"{kind.family}/{kind.name}")
def test_every_kind_makes_a_subject(kind: Kind) -> None:
    for planted in (True, False):
        drill = kind.build(5, Difficulty.MIDDLE, planted)
        subject = subject_of_drill(kind, drill, planted=planted, origin="a test")
        assert breaches(subject) == []
        text = subject_text(subject)
        again = read_subject(text, "here")
        assert subject_text(again) == text
        script = script_of(again, seed=5, level=Level.STAFF, minutes=45)
        assert len({one.name for one in (*script.turns, *script.interruptions)}) == len(script.turns) + 5


def test_a_seed_deals_the_same_subject_and_one_in_four_is_clean() -> None:
    assert subject_hash(drill_subject(9, Level.MID)) == subject_hash(drill_subject(9, Level.MID))
    count = len(deck())
    whole = [drill_subject(seed, Level.MID) for seed in range(0, 4 * count, count)]
    fixes = Counter(
        aim.name for one in whole for topic in one.topics if topic.name == "what to do" for aim in topic.aims[:1]
    )
    assert fixes == {"what mends it": 3, "lets it stand": 1}


def walked(*themes: str, text: str = "Why?") -> Walkthrough:
    questions = tuple(
        Question(
            name=f"about-{theme.replace(' ', '-')}",
            theme=theme,
            worth=Worth.PROBLEM,
            text=text,
            answer=("It was 0.031.",),
            figures=(Measure(name="price of the column", estimate=counted(0.031, n=2000), unit="AUC"),),
            sources=(Source(kind="card", where="prices"),),
            anchors=Anchors(junior="a", mid="b", senior="c", staff="d"),
        )
        for theme in themes
    )
    return Walkthrough(
        eval_title="Flights", submission="ada", commit="c" * 40, bundle="sealed", card="d" * 64, questions=questions,
        not_asked=(),
    )  # fmt: skip


def test_every_theme_of_a_walkthrough_has_its_points_and_no_other_theme_has() -> None:
    assert set(stored("themes")) == set(THEMES)
    subject = subject_of_walkthrough(walked(*THEMES))
    assert breaches(subject) == []
    assert read_subject(subject_text(subject), "here") == subject
    for topic in subject.topics:
        assert {aim.stage for aim in topic.aims} == set(Stage)
        assert topic.claim
        assert [line[:2] for line in topic.told[-4:]] == ["ju", "mi", "se", "st"]


def test_a_figure_becomes_a_number_that_an_answer_has_to_name() -> None:
    topic = subject_of_walkthrough(walked("leak")).topics[0]
    size = next(aim for aim in topic.aims if aim.stage is Stage.QUANTIFIES)

    assert "0.031" in size.points[0].probe.options[size.points[0].probe.right]
    for said, standing in (("It costs 0.03 of AUC.", "covered"), ("It costs 0.3 of AUC.", "unclear")):
        assert read(said, size.points).heard[0].standing == standing


def test_text_of_a_submission_cannot_reach_the_terminal_as_it_came() -> None:
    hostile = "\x1b[2J\x1b]0;owned\x07 why " + "x" * 100_000
    topic = subject_of_walkthrough(walked("leak", text=hostile)).topics[0]
    assert "\x1b" not in topic.ask
    assert len(topic.ask) < 2000


def right_answers() -> dict[str, str]:
    """One plain sentence for each stored point: what somebody would say who makes it."""
    return {
        "decision": "We decide by it whether to ship.",
        "metric": "I would judge it by recall.",
        "unit": "I would split it by user.",
        "baseline": "It has to beat the baseline.",
        "costs": "A miss is far more expensive than a false alarm.",
        "baseline first": "I finish a simple baseline first.",
        "check before the model": "Before that I check the data for leaks.",
        "time put on it": "That takes me ten minutes.",
        "what comes first": "The first thing is the split, as it could overturn all.",
        "what is left out": "I would not tune the model.",
        "measures it again": "Then I measure it again on the same rows.",
        "what is left alone": "I would leave the model alone.",
        "a test that fails": "I write a test that fails when it comes back.",
        "edge cases": "It covers nulls and duplicates.",
        "a threshold": "It rings when the share is above two percent.",
        "runs by itself": "It runs in CI with every change.",
        "which test first": "The most important one is that for the split.",
        "a decision": "I recommend that we do not ship it.",
        "its number": "The interval goes from one to three points.",
        "the largest risk": "The largest risk is that we have seen few days.",
        "what is next": "Next I would collect more days.",
        "disagrees": "I do not agree with that.",
        "offers a check": "We can look at the table and see.",
        "keeps the essential": "I keep the baseline and the split.",
        "what comes first now": "The first thing is now the split.",
        "what goes": "I drop the search over models.",
    }


def test_each_stored_point_hears_a_plain_sentence_and_no_list_of_words() -> None:
    from heldout.practice.answers import Standing
    from heldout.practice.mock.interviewer import heard

    said = right_answers()
    for group in ("framing", "plan", "mend", "testing", "wrap", "disagree", "replan"):
        for aim in stored_aims(group):
            assert heard(read, said[aim.name], aim)[0] is Standing.COVERED, aim.name
            words = ", ".join(one[0].rstrip("*") for one in aim.points[0].anchors) + ", model, data"
            assert heard(read, words, aim)[0] is not Standing.COVERED, aim.name


def test_each_interruption_hears_its_points_unless_they_are_denied() -> None:
    from heldout.practice.answers import Standing
    from heldout.practice.mock.interviewer import heard
    from heldout.practice.mock.stored import aim_of

    for one in stored("interruptions")["interruption"]:
        for data in one.get("expects", ()):
            aim = aim_of(data)
            groups = [group[0].rstrip("*") for group in aim.points[0].anchors]
            assert (
                heard(read, f"I would say that we do the {' and the '.join(groups)} here.", aim)[0] is Standing.COVERED
            )
            if data["hearing"] == "unless denied":
                denied = f"I would never say that we do the {' and the '.join(groups)} here."
                assert heard(read, denied, aim)[0] is not Standing.COVERED


def test_probes_and_points_of_the_data_files_are_whole() -> None:
    aims = [one for group in stored("aims") if group != "about" for one in stored_aims(group)]
    for aim in aims:
        options = aim.points[0].probe.options
        assert len(set(options)) == len(options) == 3
        assert all(anchor == anchor.lower() for group in aim.points[0].anchors for anchor in group)
    assert set(stored("families")) == {one.value for one in Family}
    assert {one.dimension for one in aims} == set(Dimension)
