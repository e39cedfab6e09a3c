import itertools
from dataclasses import replace

import pytest
from tests.report.worlds import careful, clean_verdict, finding, leaky, leaky_verdict, notebook, three

from heldout.core.card import Card, Price
from heldout.core.estimate import counted, undefined
from heldout.core.finding import Answer, Certainty, Ending, clear
from heldout.core.lift import Band
from heldout.core.verdict import Verdict
from heldout.report import reading


def test_problems_come_first_and_the_surest_of_them_first() -> None:
    found = reading.findings_in_order(leaky().findings)
    assert list(found) == [Ending.PROBLEM, Ending.CAUTION, Ending.CLEAR, Ending.NOT_APPLICABLE, Ending.CRASHED]
    ranks = [problem.certainty.rank for problem in found[Ending.PROBLEM] if problem.certainty]
    assert ranks == sorted(ranks, reverse=True)
    assert sum(map(len, found.values())) == len(leaky().findings)


def test_the_axes_are_weighted_as_the_brief_says() -> None:
    weighted = reading.weighted_axes(careful())
    assert weighted.value == pytest.approx(0.3 * 1 + 0.4 * 1 + 0.3 * 0.5)
    assert weighted.n == 8


def test_an_axis_without_an_answer_leaves_the_weighted_score_undefined() -> None:
    first, *rest = careful().axes
    silent = replace(first, score=undefined("no check answered", n=0, method="counted"))
    weighted = reading.weighted_axes(replace(careful(), axes=(silent, *rest)))
    assert weighted.value is None
    assert "architecture" in str(weighted.undefined_because)
    assert reading.weighted_axes(replace(careful(), axes=())).value is None


def test_the_steps_lead_from_the_reported_to_the_supported_score() -> None:
    card = leaky()
    steps = reading.steps(card.reported, card.supported, card.prices)
    assert [step.name for step in steps] == ["column dep_delay", "random split", "not priced"]
    assert steps[0].start == card.reported
    assert card.supported is not None
    assert steps[-1].end == card.supported.value
    assert all(one.end == other.start for one, other in itertools.pairwise(steps))
    assert steps[0].end - steps[0].start == pytest.approx(-(0.271 + 0.255) / 2)


def test_many_prices_are_summed_into_one_further_step() -> None:
    card = careful()
    prices = [
        Price(what=f"column {i}", certainty="proven", first_in=counted(0.01, n=1), last_in=counted(0.01, n=1))
        for i in range(30)
    ]
    steps = reading.steps(card.reported, card.supported, prices)
    assert len(steps) == reading.STEPS_SHOWN + 2
    assert steps[-2].name == "22 more"
    assert steps[-2].end - steps[-2].start == pytest.approx(-0.22)


def test_there_are_no_steps_without_both_scores() -> None:
    assert reading.steps(None, careful().supported) == ()
    assert reading.steps(0.9, None) == ()
    assert reading.steps(0.9, undefined("one class", n=4, method="test")) == ()


def test_the_reversal_names_the_best_band_and_the_highest_lift() -> None:
    text = reading.reversal(three())
    assert text.startswith("“careful” has the best band, target.")
    assert "“notebook” has the highest lift, +13.4 %" in text
    assert "its band is fail: Its reproducibility class" in text


def test_without_a_reversal_both_are_the_same_submission() -> None:
    assert reading.reversal([careful(), leaky()]).endswith("is that of “careful”.")
    assert reading.reversal([replace(careful(), lift=None)]) == "No submission has a defined lift."


@pytest.mark.parametrize(
    ("card", "begins", "ends"),
    [
        (careful(), "Yes", "reaches the target of +5 %."),
        (leaky(), "No", "does not reach the target of +5 %."),
        (replace(careful(), target=replace(careful().target, minimum=0.05, target=0.1)), "It cannot be told", "+10 %."),
        (replace(careful(), lift=None), "The lift is not defined", "the minimum."),
    ],
)
def test_the_lift_is_answered_against_minimum_and_target(card: Card, begins: str, ends: str) -> None:
    assert reading.lift_answer(card).startswith(begins)
    assert reading.lift_answer(card).endswith(ends)


def test_a_conclusion_says_what_the_exit_code_says() -> None:
    assert reading.conclusion(leaky_verdict()) == (
        "problem",
        "1 problem proven or strong. Findings: 1 proven, 1 suspect, 1 caution, 1 clear, 1 not asked.",
    )
    assert reading.conclusion(clean_verdict()) == ("clear", "No problem proven or strong. Findings: 1 clear.")
    assert reading.conclusion(Verdict(title="nothing", findings=()))[0] == "undecided"
    crash = finding("LEK001", "near-copy", Answer(ending=Ending.CRASHED, claim="The check crashed."))
    crashed = replace(clean_verdict(), findings=(*clean_verdict().findings, crash))
    assert reading.conclusion(crashed)[0] == "undecided"
    suspect = leaky_verdict().problems()[-1]
    assert suspect.certainty is Certainty.SUSPECT
    verdict = Verdict(title="suspect", findings=(suspect, finding("LEK001", "near-copy", clear("No copy."))))
    assert reading.conclusion(verdict)[0] == "caution"


def test_every_band_has_a_sign_of_its_own_and_a_meaning() -> None:
    assert len(set(reading.BAND_SIGN.values())) == len(Band)
    assert set(reading.BAND_MEANING) == set(Band)


def test_the_evidence_of_an_axis_is_its_own_findings_problems_first() -> None:
    card = notebook()
    found = reading.evidence(card, card.axes[0])
    assert {one.code for one in found} == set(card.axes[0].codes)
    assert found[0].ending is Ending.PROBLEM
