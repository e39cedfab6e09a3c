"""Prometheus rule files as evidence: what they alert on, whether they are valid, and what they do when exercised."""

from heldout.tools.promtool.alerts import alert_rules
from heldout.tools.promtool.played import Played, PlayedAlert, play
from heldout.tools.promtool.trial import alert_trial
from heldout.tools.promtool.verdict import judge, version

__all__ = ["Played", "PlayedAlert", "alert_rules", "alert_trial", "judge", "play", "version"]
