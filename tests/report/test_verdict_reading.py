from dataclasses import replace
from datetime import date

from tests.report.worlds import finding, leaky_verdict

from heldout.core.accept import Accept, Standing
from heldout.core.finding import Answer, Certainty, Ending, Finding, Witness, problem
from heldout.report.verdict_reading import names, not_asked, not_asked_line, told_once, witnesses_beyond


def about(code: str, *columns: str, certainty: Certainty = Certainty.STRONG, note: str = "") -> Finding:
    witnesses = [Witness(kind="column", where=column, note=note) for column in columns]
    return finding(code, "check", problem(f"{', '.join(columns)} tells.", certainty, to_do="Ask.", witnesses=witnesses))


def missing(code: str, *evidence: str) -> Finding:
    answer = Answer(ending=Ending.NO_EVIDENCE, claim="Not asked.")
    return finding(code, f"check-{code}", answer, missing=evidence)


def test_a_column_that_a_surer_problem_names_is_told_once() -> None:
    both, one, other, none = about("LEK001", "a", "b"), about("LEK002", "b"), about("LEK003", "c"), about("LEK004")
    told = told_once([both, one, other, none])
    assert [(each.finding.code, [beside.code for beside in each.also]) for each in told] == [
        ("LEK001", ["LEK002"]),
        ("LEK003", []),
        ("LEK004", []),
    ]


def test_what_is_lived_with_or_expired_stands_by_itself() -> None:
    accept = Accept(code="LEK002", reason="soon", expires=date(2026, 1, 1))
    sure = about("LEK001", "a")
    accepted = replace(about("LEK002", "a"), standing=Standing.ACCEPTED, accepts=(accept,))
    expired = replace(about("LEK002", "a"), expired=(accept,))
    assert [len(each.also) for each in told_once([sure, accepted, expired])] == [0, 0, 0]
    assert [len(each.also) for each in told_once([accepted, sure])] == [0, 0]


def test_a_witness_that_the_claim_names_is_not_repeated() -> None:
    assert witnesses_beyond(about("LEK001", "a")) == ()
    assert len(witnesses_beyond(about("LEK001", "a", note="not zero"))) == 1


def test_checks_that_were_not_asked_go_by_the_option_that_they_take() -> None:
    found = [
        missing("SPL003", "copies"),
        missing("MET004", "predictions", "baselines"),
        missing("SPL007", "label_shift"),
    ]
    found += [missing("LEK900", "moon_phase"), *leaky_verdict().findings[:1]]
    taken = [(option, [one.code for one in ones]) for option, ones in not_asked(found)]
    assert taken == [("--test", ["SPL003", "SPL007"]), ("--predictions", ["MET004"]), ("moon phase", ["LEK900"])]
    assert not_asked_line(found) == "4 not asked, as they take --test (2), --predictions, moon phase"
    assert names(found[:1] * 2) == "check-SPL003 (SPL003)"
