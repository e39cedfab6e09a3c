from heldout.checks.monitoring.rules_refused import rules_refused
from heldout.core.evidence import RulesVerdict
from heldout.core.finding import Certainty, Ending
from heldout.engine import run


def asked(*refused, judge="promtool 2.42.0", files=("a.yml", "b.yml")):
    verdict = RulesVerdict(judge=judge, files=files, refused=refused)
    return run([rules_refused], {"rules_verdict": verdict})[0]


def test_files_that_are_accepted_are_clear_and_the_claim_says_by_whom():
    finding = asked()
    assert finding.ending is Ending.CLEAR
    assert "promtool 2.42.0" in finding.answer.claim


def test_what_promtool_refuses_is_proven_and_named_with_its_message():
    finding = asked(("b.yml", "unexpected end of input"))
    assert finding.certainty is Certainty.PROVEN
    assert "1 of 2" in finding.answer.claim
    assert [(witness.where, witness.note) for witness in finding.answer.witnesses] == [
        ("b.yml", "unexpected end of input")
    ]


def test_what_our_own_parser_refuses_is_strong():
    finding = asked(("b.yml", "no name"), judge="Heldout's own parser (promtool is not installed)")
    assert finding.certainty is Certainty.STRONG
    assert "own parser" in finding.answer.claim


def test_a_repository_without_rule_files_is_not_asked():
    assert asked(files=()).ending is Ending.NOT_APPLICABLE
