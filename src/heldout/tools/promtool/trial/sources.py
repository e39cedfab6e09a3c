"""Whether a metric that an alert speaks of comes from anywhere that can be seen."""

from collections.abc import Sequence

from heldout.core.repository import Repository
from heldout.tools.promtool.trial.promql import Selector, Unclear, nodes
from heldout.tools.promtool.trial.rules import Alert, expanded

__all__ = ["sourceless"]

EXPORTERS = (
    *("up", "node_", "container_", "process_", "kube_", "kubelet_", "go_", "python_", "prometheus_", "alertmanager_"),
    *("scrape_", "probe_", "machine_", "istio_", "nginx_", "apiserver_", "etcd_", "jvm_", "http_", "grpc_", "nvidia_"),
    *("DCGM_", "mysql_", "pg_", "redis_", "kafka_", "pushgateway_", "push_time_seconds", "airflow_", "statsd_"),
)
"""What the usual exporters name their metrics."""

MADE = ("_bucket", "_sum", "_count", "_total", "_created")
NO_SOURCE = (".yml", ".yaml", ".rules", ".md", ".rst", ".txt", ".json", ".lock")
"""Files that speak of metrics without making any."""


def sourceless(repository: Repository, alert: Alert, recorded: dict[str, str]) -> tuple[str, ...]:
    """Return the metrics of an alert that no program of the repository names, and no usual exporter makes.

    Nothing is said where the repository has no programs, or the expression is not understood. A name that is put
    together in a program is not found.
    """
    programs: Sequence[bytes] = [
        content for path, content in repository.files.items() if not path.lower().endswith(NO_SOURCE)
    ]
    if not any(
        path.endswith((".py", ".go", ".ipynb", ".sh", ".js", ".ts", ".java", ".rs")) for path in repository.files
    ):
        return ()
    try:
        metrics = {one.name for one in nodes(expanded(alert.expression, recorded)) if isinstance(one, Selector)}
    except Unclear:
        return ()
    return tuple(
        sorted(
            name
            for name in metrics
            if not name.startswith(EXPORTERS) and not any(_stem(name).encode() in content for content in programs)
        )
    )


def _stem(name: str) -> str:
    ending = next((ending for ending in MADE if name.endswith(ending)), "")
    return name.removesuffix(ending)
