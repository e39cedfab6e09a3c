"""Acceptances and baselines: what fails, what is known, what expired, and what dangles."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import heldout
from heldout.app.accepts import accepted
from heldout.app.baseline import read_baseline
from heldout.core.accept import Accept, Standing
from heldout.core.errors import BadInput
from heldout.core.finding import Answer, Certainty, Ending, Finding, Witness, problem
from heldout.core.mend import Mend, MendKind
from heldout.core.verdict import ExitCode, Verdict
from heldout.report.json import to_json

TODAY = date(2026, 11, 28)
LATER, EARLIER = date(2026, 12, 31), date(2026, 11, 27)


def found(*columns: str, certainty: Certainty = Certainty.STRONG, code: str = "LEK001") -> Finding:
    witnesses = [Witness(kind="column", where=name) for name in columns]
    answer = problem("It leaks.", certainty, to_do="Drop it.", witnesses=witnesses)
    return Finding(code=code, name="near-copy", family="leakage", answer=answer)


def ended(ending: Ending, code: str = "LEK001") -> Finding:
    answer = Answer(ending=ending, claim="So it ends.")
    return Finding(code=code, name="near-copy", family="leakage", answer=answer)


def accept(column: str | None = None, *, expires: date = LATER, code: str = "LEK001") -> Accept:
    return Accept(code=code, column=column, reason="it goes in sprint 14", expires=expires)


def baseline(tmp_path: Path, *findings: Finding, title: str = "Audit of t.csv for y") -> Path:
    path = tmp_path / "baseline.json"
    path.write_text(to_json(Verdict(title=title, findings=findings)))
    return path


def test_an_accepted_problem_does_not_fail_and_an_expired_one_does() -> None:
    last_day = accepted(found("a"), [accept("a", expires=TODAY)], TODAY)
    assert last_day.standing is Standing.ACCEPTED
    assert Verdict(title="t", findings=(last_day,)).exit_code() == ExitCode.CLEAR
    expired = accepted(found("a"), [accept("a", expires=EARLIER)], TODAY)
    assert expired.standing is Standing.OPEN
    assert expired.expired[0].expires == EARLIER
    assert Verdict(title="t", findings=(expired,)).exit_code() == ExitCode.PROBLEM


COVERED: list[tuple[Sequence[str], Sequence[str | None], bool]] = [
    (["a"], ["a"], True),
    (["a"], ["b"], False),
    (["a", "b"], ["a"], False),
    (["a", "b"], ["b", "a"], True),
    (["a", "b"], [None], True),
    ([], [None], True),
    ([], ["a"], False),
    (["a"], [], False),
]


@pytest.mark.parametrize(("columns", "names", "is_covered"), COVERED)
def test_a_problem_is_accepted_when_each_of_its_columns_is(
    columns: Sequence[str], names: Sequence[str | None], is_covered: bool
) -> None:
    finding = accepted(found(*columns), [accept(name) for name in names], TODAY)
    assert (finding.standing is Standing.ACCEPTED) is is_covered


def test_an_acceptance_of_another_check_or_of_no_problem_changes_nothing() -> None:
    assert accepted(found("a"), [accept("a", code="LEK002")], TODAY) == found("a")
    clear = ended(Ending.CLEAR)
    assert accepted(clear, [accept()], TODAY) == clear


def test_the_columns_of_a_problem_without_witnesses_are_those_of_its_mend() -> None:
    mend = Mend(kind=MendKind.DROP_COLUMNS, columns=("a", "b"))
    finding = replace(found(), answer=problem("It leaks.", Certainty.STRONG, to_do="Drop it.", mend=mend))
    assert finding.columns == ("a", "b")
    assert accepted(finding, [accept("a")], TODAY).standing is Standing.OPEN


KNOWN = [
    ([found("a")], found("a"), True),
    ([found("a", "b")], found("a"), True),
    ([found("a"), found("b")], found("a", "b"), False),
    ([found("a")], found("b"), False),
    ([found("a", code="LEK002")], found("a"), False),
    ([found("a", certainty=Certainty.SUSPECT)], found("a"), False),
    ([found("a", certainty=Certainty.PROVEN)], found("a"), True),
    ([found()], found(), True),
    ([found("a")], found(), False),
    ([replace(found("a"), standing=Standing.ACCEPTED)], found("a"), False),
    ([replace(found("a"), standing=Standing.KNOWN)], found("a"), True),
    ([ended(Ending.CAUTION)], found(), False),
]


@pytest.mark.parametrize(("old", "now", "is_known"), KNOWN)
def test_a_problem_is_known_when_the_baseline_has_it_with_all_its_columns_as_surely(
    old: list[Finding], now: Finding, is_known: bool, tmp_path: Path
) -> None:
    earlier = read_baseline(baseline(tmp_path, *old), "y")
    assert (earlier.known(now).standing is Standing.KNOWN) is is_known


def test_what_expired_fails_although_the_baseline_knows_it(tmp_path: Path) -> None:
    earlier = read_baseline(baseline(tmp_path, found("a")), "y")
    expired = accepted(found("a"), [accept("a", expires=EARLIER)], TODAY)
    assert earlier.known(expired).standing is Standing.OPEN


def test_a_problem_that_is_gone_is_mended_only_where_its_check_was_asked_again(tmp_path: Path) -> None:
    earlier = read_baseline(baseline(tmp_path, found("a"), found("b", code="SPL002")), "y")
    findings = [ended(Ending.CLEAR), ended(Ending.NO_EVIDENCE, "SPL002")]
    since, notes = earlier.since(findings, "Audit of t.csv for y")
    assert [(gone.code, gone.columns) for gone in since.mended] == [("LEK001", ("a",))]
    assert notes == ("SPL002 b: a problem of the baseline, whose check came to no answer this time.",)
    assert earlier.since([found("a"), found("b", code="SPL002")], "Audit of t.csv for y")[0].mended == ()


def test_a_baseline_of_another_table_is_told_and_one_of_another_target_refused(tmp_path: Path) -> None:
    path = baseline(tmp_path, found("a"))
    assert "“Audit of t.csv for y”" in read_baseline(path, "y").since([found("a")], "Audit of u.csv for y")[1][0]
    with pytest.raises(BadInput, match="another question"):
        read_baseline(path, "z")


def changed(**keys: Any) -> str:
    return json.dumps(json.loads(to_json(Verdict(title="Audit of t.csv for y", findings=(found("a"),)))) | keys)


BAD = {
    "no JSON": ("{", "not JSON"),
    "a list": ("[]", "no verdict"),
    "a card": (changed(schema="heldout.card.v1"), "heldout.card.v1"),
    "a newer layout": (changed(schema="heldout.verdict.v99"), "newer Heldout"),
    "no schema": (changed(schema=None), "no verdict"),
    "findings that are none": (changed(findings=[{"code": 1}]), r"findings\.0\.code"),
    "no title": (changed(title=None), "title"),
    "deep": ("[" * 100_000, "not JSON"),
    "empty": ("", "not JSON"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_baseline_that_is_no_verdict_is_refused(case: str, tmp_path: Path) -> None:
    text, said = BAD[case]
    (tmp_path / "b.json").write_text(text)
    with pytest.raises(BadInput, match=said):
        read_baseline(tmp_path / "b.json", "y")


def test_a_baseline_of_a_release_that_knew_no_standings_is_read(tmp_path: Path) -> None:
    data = json.loads(changed())
    for key in ("standing", "accepts", "expired", "missing"):
        del data["findings"][0][key]
    (tmp_path / "b.json").write_text(json.dumps(data))
    assert read_baseline(tmp_path / "b.json", "y").known(found("a")).standing is Standing.KNOWN


@pytest.fixture
def leaky() -> pd.DataFrame:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"x": rng.normal(size=600), "n": rng.integers(0, 9, 600), "y": rng.integers(0, 2, 600)})
    return frame.assign(outcome=frame["y"].map({0: "lost", 1: "won"}), copy=1 - frame["y"])


def test_an_audit_with_acceptances_passes_until_the_day_after_the_last_expires(leaky: pd.DataFrame) -> None:
    accepts = [
        accept("outcome"),
        accept("copy"),
        *(accept(column, code="LEK002") for column in ("outcome", "copy")),
    ]
    assert heldout.audit(leaky, target="y").exit_code() == 1
    verdict = heldout.audit(leaky, target="y", accept=accepts, today=LATER)
    assert verdict.exit_code() == 0
    assert {f.standing for f in verdict.problems()} == {Standing.ACCEPTED}
    assert heldout.audit(leaky, target="y", accept=accepts, today=date(2027, 1, 1)).exit_code() == 1
    assert heldout.audit(leaky, target="y", accept=accepts[:1], today=TODAY).exit_code() == 1


def test_an_acceptance_that_names_nothing_found_is_told_and_one_that_names_nothing_at_all_refused(
    leaky: pd.DataFrame,
) -> None:
    clean = leaky.drop(columns=["outcome", "copy"])
    verdict = heldout.audit(clean, target="y", accept=[accept("x"), accept(code="SPL002")], today=TODAY)
    assert "LEK001 x until 2026-12-31 is no longer needed" in verdict.notes[0]
    assert "whether it is still needed is not known" in verdict.notes[1]
    with pytest.raises(BadInput, match="outcom") as refused:
        heldout.audit(leaky, target="y", accept=[accept("outcom")])
    assert "'outcome'" in refused.value.expected
    with pytest.raises(BadInput, match="LEK999"):
        heldout.audit(leaky, target="y", accept=[accept(code="LEK999")])
    with pytest.raises(BadInput, match="no reason"):
        heldout.audit(leaky, target="y", accept=[replace(accept(), reason=" ")])


def test_only_what_is_new_since_the_baseline_fails_and_what_is_gone_is_mended(
    leaky: pd.DataFrame, tmp_path: Path
) -> None:
    one = heldout.audit(leaky.drop(columns=["copy"]), target="y")
    path = tmp_path / "one.json"
    path.write_text(to_json(one))
    again = heldout.audit(leaky.drop(columns=["copy"]), target="y", since=path)
    assert (one.exit_code(), again.exit_code()) == (1, 0)
    both = heldout.audit(leaky, target="y", since=path)
    assert both.exit_code() == 1
    (new,) = both.failing()  # one finding names all columns that part the rows alike
    assert set(new.columns) == {"copy", "outcome"}
    clean = heldout.audit(leaky.drop(columns=["outcome", "copy"]), target="y", since=path)
    assert clean.exit_code() == 0
    assert clean.baseline is not None
    assert ("LEK001", ("outcome",)) in {(gone.code, gone.columns) for gone in clean.baseline.mended}
