"""Prometheus rule files as evidence: what they alert on, and whether they are valid."""

from heldout.tools.promtool.alerts import alert_rules
from heldout.tools.promtool.verdict import judge

__all__ = ["alert_rules", "judge"]
