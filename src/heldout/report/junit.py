"""The findings of an audit as JUnit XML, as Jenkins, GitLab and pytest write and read it: one test case each."""

from collections import Counter
from xml.etree import ElementTree as ET

from heldout.core.accept import Standing
from heldout.core.estimate import Measure
from heldout.core.finding import Certainty, Ending, Finding
from heldout.core.verdict import Verdict
from heldout.report import reading
from heldout.report.figures import said
from heldout.report.text import NAME, clip

__all__ = ["verdict_xml"]

MOST = 2_000
"""Test cases; an audit of thousands of columns would make a file that no server shows."""

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'
SHOWN = 12
SKIPPED = frozenset({Ending.NO_EVIDENCE, Ending.NOT_APPLICABLE})


def verdict_xml(verdict: Verdict, fail_on: Certainty = Certainty.STRONG) -> str:
    """Return one suite: an open problem at `fail_on` or above is a failure, a crashed check an error.

    Skipped is what is accepted or known, with its reason, and what was not asked. Anything else passed: a problem below
    `fail_on` and a caution too, with their claim as output.
    """
    word, sentence = reading.conclusion(verdict)
    suite = ET.Element("testsuite", name="heldout")
    properties = ET.SubElement(suite, "properties")
    for name, value in (("title", verdict.title), ("verdict", word), ("sentence", sentence)):
        ET.SubElement(properties, "property", name=name, value=clip(value))
    names: Counter[str] = Counter()
    findings = [finding for found in reading.findings_in_order(verdict.findings).values() for finding in found]
    kinds = [_case(suite, finding, fail_on, names) for finding in findings[:MOST]]
    suite.set("tests", str(len(kinds)))
    for attribute, kind in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(attribute, str(kinds.count(kind)))
    suite.set("time", "0")
    lines = [*reading.team_lines(verdict)]
    if len(findings) > MOST:
        lines.append(f"and {len(findings) - MOST:,} more findings, in the JSON")
    if lines:
        ET.SubElement(suite, "system-out").text = "\n".join(map(clip, lines))
    root = ET.Element("testsuites", {name: suite.attrib[name] for name in ("tests", "failures", "errors")})
    root.append(suite)
    ET.indent(root)
    return f"{DECLARATION}\n{ET.tostring(root, encoding='unicode')}\n"


def _case(suite: ET.Element, finding: Finding, fail_on: Certainty, names: Counter[str]) -> str:
    """Add a finding as a test case under a name of its own, and return what became of it."""
    name = clip(" ".join((finding.code, finding.name, ", ".join(clip(c, NAME) for c in finding.columns))))
    names[f"{finding.family} {name}"] += 1
    again = names[f"{finding.family} {name}"]
    name = name if again == 1 else f"{name} ({again})"
    case = ET.SubElement(suite, "testcase", classname=clip(f"heldout.{finding.family}", NAME), name=name, time="0")
    kind, message = _outcome(finding, fail_on)
    if kind in ("failure", "error"):
        certainty = finding.certainty.value if finding.certainty else finding.ending.value
        ET.SubElement(case, kind, message=message, type=certainty).text = _told(finding)
    elif kind == "skipped":
        ET.SubElement(case, kind, message=message)
    is_told = kind in ("failure", "error") or finding.ending in (Ending.CLEAR, *SKIPPED)
    if not is_told:
        ET.SubElement(case, "system-out").text = _told(finding)
    return kind


def _outcome(finding: Finding, fail_on: Certainty) -> tuple[str, str]:
    lines = [clip(line) for line in reading.standing_lines(finding)]
    claim = clip(finding.answer.claim)
    if finding.ending is Ending.CRASHED:
        return "error", claim
    if finding.ending in SKIPPED:
        return "skipped", claim
    if finding.ending is Ending.PROBLEM and finding.standing is not Standing.OPEN:
        return "skipped", " ".join(lines)
    if finding.is_problem_at(fail_on):
        return "failure", " ".join((claim, *lines))
    return "passed", claim


def _told(finding: Finding) -> str:
    """Return what a reader of the log needs: the claim, its figures, where, and what to do."""
    ending = finding.ending.value.replace("_", " ")
    level = f", {finding.certainty.value}" if finding.certainty else ""
    lines = [f"{ending}{level}: {finding.answer.claim}", *reading.standing_lines(finding)]
    lines += [_measure(measure) for measure in finding.answer.measures[:SHOWN]]
    for witness in finding.answer.witnesses[:SHOWN]:
        line = f" line {witness.line}" if witness.line is not None else ""
        note = f": {witness.note}" if witness.note else ""
        lines.append(f"{witness.kind} {clip(witness.where, NAME)}{line}{note}")
    if finding.answer.to_do:
        lines.append(f"to do: {finding.answer.to_do}")
    return "\n".join(map(clip, lines))


def _measure(measure: Measure) -> str:
    return f"{clip(measure.name, NAME)}: {said(measure.estimate, measure.unit)}"
