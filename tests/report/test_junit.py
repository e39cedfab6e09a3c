"""JUnit XML: what becomes of each finding, and that any text makes a document that a server can read."""

import re
from dataclasses import replace
from datetime import date
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from tests.report.hostile import hostile_verdict
from tests.report.random_reports import verdicts
from tests.report.worlds import clean_verdict, leaky_verdict

from heldout.core.accept import Accept, Baseline, Mended, Standing
from heldout.core.finding import Answer, Certainty, Ending, Finding
from heldout.core.verdict import Verdict
from heldout.report.junit import verdict_xml

OUTCOMES = {"failure", "error", "skipped"}
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def parsed(text: str) -> ET.Element:
    """Return the suite, after holding the document to what JUnit's schema asks (Jenkins' junit-10.xsd)."""
    assert not NOT_XML.search(text)
    root = ET.fromstring(text)
    assert root.tag == "testsuites"
    (suite,) = root
    cases = suite.findall("testcase")
    assert [part.tag for part in suite] == [
        "properties",
        *["testcase"] * len(cases),
        *["system-out"] * (suite.find("system-out") is not None),
    ]
    assert suite.attrib.keys() == {"name", "tests", "failures", "errors", "skipped", "time"}
    assert root.attrib == {name: suite.attrib[name] for name in ("tests", "failures", "errors")}
    assert int(suite.attrib["tests"]) == len(cases)
    for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        assert int(suite.attrib[attribute]) == len(suite.findall(f"testcase/{tag}"))
    for case in cases:
        assert case.attrib.keys() == {"classname", "name", "time"}
        assert sum(part.tag in OUTCOMES for part in case) <= 1
        assert {part.tag for part in case} <= OUTCOMES | {"system-out"}
        for part in case:
            assert part.attrib.keys() <= {"message", "type"}
    assert len({(case.get("classname"), case.get("name")) for case in cases}) == len(cases)
    return suite


def outcomes(suite: ET.Element) -> dict[str, str]:
    return {
        str(case.get("name")).split()[0]: next((part.tag for part in case if part.tag in OUTCOMES), "passed")
        for case in suite.findall("testcase")
    }


def test_each_ending_has_its_outcome() -> None:
    crashed = Finding(
        code="MET009", name="m", family="metric", answer=Answer(ending=Ending.CRASHED, claim="It crashed.")
    )
    verdict = replace(leaky_verdict(), findings=(*leaky_verdict().findings, crashed))
    suite = parsed(verdict_xml(verdict))
    assert suite.get("name") == "heldout"
    assert outcomes(suite) == {
        "LEK001": "failure",
        "LEK002": "passed",
        "SPL004": "passed",
        "SPL001": "skipped",
        "MET001": "passed",
        "MET009": "error",
    }
    assert outcomes(parsed(verdict_xml(verdict, Certainty.SUSPECT)))["LEK002"] == "failure"
    failure = suite.find("testcase/failure")
    assert failure is not None
    assert failure.get("type") == "proven"
    assert "To do" in str(failure.text) or "to do: Leave reservation_status out" in str(failure.text)
    assert suite.find("testcase[@name='LEK001 near-copy reservation_status']") is not None


def test_what_is_accepted_or_known_is_skipped_with_its_reason_and_date() -> None:
    sure, question, *others = leaky_verdict().findings
    accept = Accept(code="LEK001", reason="gone in sprint 14", expires=date(2026, 12, 31))
    accepted = replace(sure, standing=Standing.ACCEPTED, accepts=(accept,))
    known = replace(question, standing=Standing.KNOWN)
    gone = Mended(code="SPL002", name="entity", columns=("user",), claim="Users straddle.")
    baseline = Baseline(source="base.json", title="Audit", mended=(gone,))
    suite = parsed(
        verdict_xml(
            replace(leaky_verdict(), findings=(accepted, known, *others), baseline=baseline, notes=("A note.",))
        )
    )
    assert suite.get("failures") == "0"
    messages = [str(skipped.get("message")) for skipped in suite.findall("testcase/skipped")]
    assert "Accepted until 2026-12-31: gone in sprint 14" in messages
    assert "Known: the baseline has it too." in messages
    told = str(suite.findtext("system-out"))
    assert "Mended since base.json: SPL002 entity user. It was: Users straddle." in told
    assert "A note." in told
    expired = replace(sure, expired=(accept,))
    text = verdict_xml(replace(leaky_verdict(), findings=(expired,)))
    (failure,) = parsed(text).iter("failure")
    assert "The acceptance expired on 2026-12-31" in str(failure.get("message"))


def test_findings_of_the_same_name_get_names_of_their_own() -> None:
    finding = leaky_verdict().findings[0]
    suite = parsed(verdict_xml(Verdict(title="t", findings=(finding, finding, finding))))
    assert len(suite.findall("testcase")) == 3


@pytest.mark.parametrize("verdict", [hostile_verdict(), clean_verdict()], ids=["hostile", "clean"])
def test_hostile_text_stays_text(verdict: Verdict) -> None:
    text = verdict_xml(verdict)
    parsed(text)
    assert "<script" not in text
    assert "\x1b" not in text


@given(verdicts)
@settings(max_examples=60, deadline=None)
def test_any_verdict_makes_a_valid_document(verdict: Verdict) -> None:
    parsed(verdict_xml(verdict))
