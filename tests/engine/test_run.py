import pytest

from heldout.core.check import check
from heldout.core.errors import BadInput
from heldout.core.evidence import Reported
from heldout.core.finding import Answer, Certainty, Ending, Finding, caution, clear, problem
from heldout.core.verdict import ExitCode, Verdict
from heldout.engine import catalog, run, select

PAGE = """Ask something.

## Why it matters
It does.
## Example
One.
## What to do
That.
## Limits
Some.
"""


def made(code, function):
    function.__doc__ = PAGE
    function.__module__ = "heldout.checks.metric.made_for_a_test"
    return check(code)(function)


def says_clear(reported: Reported) -> Answer:
    return clear(f"{reported.metric} is fine.")


def crashes(reported: Reported) -> Answer:
    raise ZeroDivisionError("division by zero")


def says_problem(reported: Reported) -> Answer:
    return problem("It is wrong.", Certainty.STRONG, to_do="Mend it.")


def says_nothing(reported: Reported) -> Answer:
    return None


def says_two(reported: Reported) -> tuple[Answer, ...]:
    return clear("One."), caution("Two.")


def takes_what_is_there(reported: Reported, extra: Reported | None = None) -> Answer:
    return clear("With extra." if extra else "Without extra.")


REPORTED = Reported(metric="roc_auc", value=0.9)


def test_missing_evidence_is_named_and_is_no_pass():
    (finding,) = run([made("TST001", says_clear)], {})
    assert finding.ending is Ending.NO_EVIDENCE
    assert finding.missing == ("reported",)
    assert Verdict(title="t", findings=(finding,)).exit_code() == ExitCode.UNDECIDED


def test_a_crash_is_reported_and_stops_no_other_check():
    findings = run([made("TST001", crashes), made("TST002", says_clear)], {"reported": REPORTED})
    assert [finding.ending for finding in findings] == [Ending.CRASHED, Ending.CLEAR]
    assert "ZeroDivisionError" in findings[0].answer.claim
    assert Verdict(title="t", findings=findings).exit_code() == ExitCode.UNDECIDED


def test_evidence_of_the_wrong_type_is_a_crash_not_an_answer():
    (finding,) = run([made("TST001", says_clear)], {"reported": "roc_auc 0.9"})
    assert finding.ending is Ending.CRASHED


def test_a_check_that_returns_no_answer_has_crashed():
    (finding,) = run([made("TST001", says_nothing)], {"reported": REPORTED})
    assert finding.ending is Ending.CRASHED


def test_several_answers_become_several_findings():
    findings = run([made("TST001", says_two)], {"reported": REPORTED})
    assert [finding.answer.claim for finding in findings] == ["One.", "Two."]


def test_optional_evidence_is_given_when_it_is_there():
    asked = [made("TST001", takes_what_is_there)]
    assert run(asked, {"reported": REPORTED})[0].answer.claim == "Without extra."
    assert run(asked, {"reported": REPORTED, "extra": REPORTED})[0].answer.claim == "With extra."


def test_the_exit_code_follows_the_worst_problem_at_the_level():
    findings = run([made("TST001", says_problem), made("TST002", says_clear)], {"reported": REPORTED})
    verdict = Verdict(title="t", findings=findings)
    assert verdict.exit_code(Certainty.STRONG) == ExitCode.PROBLEM
    assert verdict.exit_code(Certainty.PROVEN) == ExitCode.CLEAR


def test_no_findings_is_undecided():
    assert Verdict(title="t", findings=()).exit_code() == ExitCode.UNDECIDED


def test_a_suspicion_alone_settles_nothing():
    answer = problem("A number stands out.", Certainty.SUSPECT, to_do="Ask why.")
    verdict = Verdict(title="t", findings=(Finding(code="TST001", name="n", family="f", answer=answer),))
    assert verdict.is_undecided
    assert verdict.exit_code() == ExitCode.UNDECIDED
    assert verdict.exit_code(Certainty.SUSPECT) == ExitCode.PROBLEM


@pytest.mark.parametrize("code", ["TST1", "tst001", "TEST001"])
def test_a_malformed_code_is_refused(code):
    with pytest.raises(TypeError, match="three capitals"):
        made(code, says_clear)


def test_a_page_without_its_sections_is_refused():
    def bare(reported: Reported) -> Answer:
        """Ask something."""
        return clear("x")

    with pytest.raises(TypeError, match="Why it matters"):
        check("TST001")(bare)


def test_a_page_that_quotes_no_constant_is_refused():
    def quoting(reported: Reported) -> Answer:
        return clear("x")

    quoting.__doc__ = PAGE + "It fires above {NO_SUCH_GATE}."
    with pytest.raises(TypeError, match="NO_SUCH_GATE"):
        check("TST001")(quoting)


def test_selection_is_by_code_beginning_name_or_family_and_names_the_unknown():
    checks = [made("TST001", says_clear), made("TST002", says_two), made("OTH001", crashes)]
    assert [c.code for c in select(checks, ["tst"])] == ["TST001", "TST002"]
    assert [c.code for c in select(checks, (), ["TST001"])] == ["TST002", "OTH001"]
    assert len(select(checks, ["metric"])) == 3
    with pytest.raises(BadInput, match="no check is called 'LEK999'"):
        select(checks, ["LEK999"])


def test_the_catalog_is_found_by_walking_and_ordered_by_code():
    codes = [c.code for c in catalog()]
    assert codes == sorted(set(codes))
    assert "LEK001" in codes
