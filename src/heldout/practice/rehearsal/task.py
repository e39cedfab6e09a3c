"""The words of the monitoring exercise: its task, and the file to begin with."""

from heldout.practice.rehearsal.exercise import MINUTES, SERVICE, TOPICS

__all__ = ["RULES", "STUB", "task_text"]

RULES = "alerts.yml"
STUB = """# Prometheus alert rules; TASK.md says what for. promtool check rules alerts.yml
groups:
  - name: orders-model
    rules: []
"""


def task_text() -> str:
    """Return TASK.md."""
    parts = [
        f"# Monitoring: {MINUTES} minutes",
        f"Write Prometheus alert rules into `{RULES}` beside this file: for CPU, latency and drift. Then run "
        "`heldout practice rehearse --monitoring` again. Promtool plays two days of hidden series to them: twice per "
        "topic something goes wrong, and twice something only looks like it.",
        SERVICE,
    ]
    for one in TOPICS:
        parts.append(f"## {one.topic}: `{one.name}`")
        parts.append(
            f"- labels: `{one.labels}`\n- usual: {one.usual}\n- harmless: {one.harmless}\n- wrong: {one.wrong}\n"
            f"- an alert fires within {one.within} minutes of its beginning"
        )
    parts.append(
        "An alert belongs to the topics whose metrics it reads. It counts while something is wrong. Wherever else it "
        "fires it is a false alarm, but for the two and a half hours after something went wrong."
    )
    return "\n\n".join(parts) + "\n"
