"""Finds what no alert rule of the repository watches: drift, latency, CPU."""

import re

from heldout.core.check import check
from heldout.core.estimate import Measure, counted
from heldout.core.evidence import AlertRules
from heldout.core.finding import Answer, Certainty, Witness, clear, problem
from heldout.core.repository import shown

TOPICS = {
    "drift": ("drift", "psi", "skew", "shift", "wasserstein", "divergence", "kolmogorov", "ks", "distribution"),
    "latency": ("latency", "duration", "seconds", "milliseconds", "ms", "slow", "timeout", "response", "p95", "p99"),
    "CPU": ("cpu", "load1", "load5", "load15", "throttled", "throttling"),
}
"""The topics, and the words that tell them."""

MINIMUM_EFFECT = 1
"""Topics without an alert rule."""

WORD = re.compile(r"[A-Z]+(?![a-z])[0-9]*|[A-Z]?[a-z]+[0-9]*")
COMMENT = re.compile(r"#[^\n]*")


@check("MON001")
def no_alert_rules(alert_rules: AlertRules) -> Answer:
    """Ask whether an alert rule watches each of drift, latency and CPU.

    ## Why it matters
    A model decays without an error message. What nobody is told, nobody mends: the world moves, a batch takes too
    long, the machine is full.

    ## Example
    A repository alerts on latency and CPU. In March the airline changes its codes, every carrier is "unknown", and
    the first to notice is a customer.

    ## What to do
    Add one Prometheus alert rule for each topic, with `for` and a text that says what to do; prove by
    `promtool test rules` that it fires.

    ## Limits
    It reads rule files of Prometheus and PrometheusRule of Kubernetes, not the alerts of Grafana or of a cloud. A
    topic is told by whole words in the alert's name and expression: {TOPICS}. A rule with other words is missed and a
    rule that cannot fire is counted, so a missing topic is a suspicion; that there is no rule at all is proven.
    CPU seconds alone are no latency. It promises to find {MINIMUM_EFFECT} missing topic.
    """
    topics: dict[str, list[tuple[str, str]]] = {topic: [] for topic in TOPICS}
    for path, alert, expression in alert_rules.rules:
        for topic in _topics(alert, expression):
            topics[topic].append((path, alert))
    missing = [topic for topic, rules in topics.items() if not rules]
    measures = (
        Measure(name="topics without an alert rule", estimate=counted(len(missing), n=len(TOPICS)), unit="topics"),
        Measure(name="alert rules", estimate=counted(len(alert_rules.rules), n=len(alert_rules.rules)), unit="rules"),
    )
    unread = [Witness(kind="file", where=path, note=f"not read: {why}") for path, why in alert_rules.unreadable[:5]]
    said = f"; files that could not be read: {len(alert_rules.unreadable)}" if alert_rules.unreadable else ""
    to_do = f"Add alert rules for {', '.join(missing)}, and tests that prove that they fire."
    if not alert_rules.rules:
        claim = f"The repository has no alert rule{said}."
        return problem(claim, Certainty.PROVEN, to_do=to_do, measures=measures, witnesses=unread)
    witnesses = [
        Witness(kind="file", where=rules[0][0], note=f"{topic}: {shown(rules[0][1], 80)}")
        for topic, rules in topics.items()
        if rules
    ]
    if missing:
        claim = f"No alert rule speaks of {' or '.join(missing)}; alert rules read: {len(alert_rules.rules)}{said}."
        return problem(claim, Certainty.SUSPECT, to_do=to_do, measures=measures, witnesses=(*witnesses, *unread))
    claim = f"Alert rules speak of drift, latency and CPU; read: {len(alert_rules.rules)}{said}."
    return clear(claim, measures=measures, witnesses=(*witnesses, *unread))


def _topics(alert: str, expression: str) -> list[str]:
    words = {word.lower() for word in WORD.findall(f"{alert} {COMMENT.sub('', expression)}")}
    found = [topic for topic, telling in TOPICS.items() if words & set(telling)]
    if "CPU" in found and "latency" in found and words & set(TOPICS["latency"]) <= {"seconds"}:
        found.remove("latency")
    return found
