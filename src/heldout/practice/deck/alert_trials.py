"""What an exercise of a drill's rules would have found, as evidence for the checks on alerts."""

from heldout.core.monitoring_evidence import OWN, AlertTrial, TriedAlert

__all__ = ["trial_of"]


def trial_of(*alerts: tuple[str, str, bool, bool]) -> AlertTrial:
    """Return a trial of alerts (name, purpose, does it fire when it has to, does it fire while nothing is wrong)."""
    return AlertTrial(
        judge="the drill's own evaluation",
        alerts=tuple(
            TriedAlert(
                path="alerts.yml",
                alert=name,
                purpose=purpose,
                told_by="expression",
                fired=((OWN, 0.0),) if fires else (),
                allowed=1200.0,
                in_clean=in_clean,
            )
            for name, purpose, fires, in_clean in alerts
        ),
        own_tests=(),
        copies=(),
        mutants=(),
    )
