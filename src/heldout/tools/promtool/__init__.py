"""Prometheus rule files as evidence: what they alert on, whether they are valid, whether their own tests pass."""

from heldout.tools.promtool.alerts import alert_rules
from heldout.tools.promtool.rule_tests import RuleTests, test
from heldout.tools.promtool.verdict import judge

__all__ = ["RuleTests", "alert_rules", "judge", "test"]
