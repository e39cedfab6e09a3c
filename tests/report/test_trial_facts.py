"""The monitoring trial in a few lines, as a terminal and Markdown show it."""

from dataclasses import replace

from rich.console import Console
from tests.report.worlds import careful, recorded

from heldout.report.markdown import card_text
from heldout.report.monitoring import trial_facts
from heldout.report.terminal import print_card


def test_a_terminal_and_markdown_say_what_was_covered_and_how_many_changes_were_noticed() -> None:
    console = Console(width=120, force_terminal=False)
    with console.capture() as capture:
        print_card(recorded(), console)
    for text in (" ".join(capture.get().split()), card_text(recorded())):
        assert "An alert fires in 3 of 5 scenarios, and none in target down, late data" in text
        assert "1 of 2 mutants found by the tests" in text
        assert "alarms on 2 of 60 clean days" in text


def test_without_a_trial_nothing_is_said_of_one() -> None:
    assert trial_facts(careful()) == {}


def test_a_detector_that_gave_no_answer_says_why_and_one_that_nobody_asked_for_is_not_told() -> None:
    drift = recorded().drift_trial
    assert drift is not None
    failed = replace(recorded(), drift_trial=replace(drift, detected=(), failed="it wrote no line"))
    assert trial_facts(failed)["drift detector"] == "The drift detector gave no answer: it wrote no line."
    unasked = replace(recorded(), drift_trial=replace(drift, is_asked=False))
    assert "drift detector" not in trial_facts(unasked)
