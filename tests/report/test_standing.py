"""What is accepted, expired, known or mended is shown in every report, with its reason and date."""

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from rich.console import Console
from tests.report.worlds import leaky_verdict

from heldout.core.accept import Accept, Baseline, Mended, Standing
from heldout.core.verdict import Verdict
from heldout.report import reading
from heldout.report.html import verdict_page
from heldout.report.json import to_json
from heldout.report.junit import verdict_xml
from heldout.report.markdown import verdict_text
from heldout.report.terminal_verdict import print_verdict


def printed(verdict: Verdict) -> str:
    console = Console(file=io.StringIO(), width=200)
    print_verdict(verdict, console)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


REPORTS: dict[str, Callable[[Verdict], str]] = {
    "terminal": printed,
    "html": verdict_page,
    "markdown": verdict_text,
    "json": to_json,
    "junit": verdict_xml,
}
ACCEPT = Accept(code="LEK001", column="reservation_status", reason="gone in sprint 14", expires=date(2026, 12, 31))
EXPIRED = Accept(code="LEK002", reason="was to be asked about", expires=date(2026, 1, 31))


def lived_with() -> Verdict:
    verdict = leaky_verdict()
    sure, question, *others = verdict.findings
    gone = Mended(code="SPL002", name="entity-straddles-split", columns=("user",), claim="Users straddle the split.")
    return replace(
        verdict,
        findings=(
            replace(sure, standing=Standing.ACCEPTED, accepts=(ACCEPT,)),
            replace(question, expired=(EXPIRED,)),
            *others,
        ),
        baseline=Baseline(source="base.json", title=verdict.title, mended=(gone,)),
        notes=("The acceptance of SPL003 is no longer needed.",),
    )


@pytest.mark.parametrize("report", REPORTS)
def test_every_report_shows_reason_date_expiry_and_what_is_mended(report: str) -> None:
    text = REPORTS[report](lived_with())
    for words in (
        *("gone in sprint 14", "2026-12-31", "was to be asked about", "2026-01-31"),
        *("Users straddle the split.", "base.json", "The acceptance of SPL003 is no longer needed."),
    ):
        assert words in text, words
    if report != "json":
        assert "The acceptance expired on 2026-01-31: was to be asked about" in text
        assert "Accepted until 2026-12-31: gone in sprint 14" in text


def test_the_conclusion_counts_what_is_lived_with_apart() -> None:
    word, sentence = reading.conclusion(lived_with())
    assert word == "caution"
    assert sentence == (
        "No problem proven or strong that is neither known nor accepted. "
        "Findings: 1 suspect, 1 accepted, 1 caution, 1 clear, 1 not asked."
    )


def test_a_problem_that_is_accepted_for_some_of_its_columns_says_for_which_it_fails() -> None:
    finding = leaky_verdict().findings[0]
    witnesses = (*finding.answer.witnesses, replace(finding.answer.witnesses[0], where="deposit_type"))
    both = replace(finding, answer=replace(finding.answer, witnesses=witnesses), accepts=(ACCEPT,))
    assert reading.standing_lines(both) == (
        "Accepted for reservation_status until 2026-12-31: gone in sprint 14",
        "It fails all the same: nothing accepts it for deposit_type.",
    )
