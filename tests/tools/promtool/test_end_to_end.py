"""With a real Prometheus and a real Alertmanager on loopback, a shipped rule fires and a webhook is told."""

import contextlib
import http.server
import json
import queue
import socket
import subprocess
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import heldout.demo
from heldout.tools import process

RULES = Path(heldout.demo.__file__).parent / "submissions" / "careful" / "monitoring" / "alerts.yml"
WAIT = 120
PROMETHEUS = """
global: {{scrape_interval: 1s, evaluation_interval: 1s}}
rule_files: [alerts.yml]
alerting: {{alertmanagers: [{{static_configs: [{{targets: ['127.0.0.1:{alertmanager}']}}]}}]}}
scrape_configs: [{{job_name: delays, static_configs: [{{targets: ['127.0.0.1:{metrics}']}}]}}]
"""
ALERTMANAGER = """
route: {{receiver: hook, group_wait: 0s, group_interval: 1s}}
receivers: [{{name: hook, webhook_configs: [{{url: 'http://127.0.0.1:{hook}/'}}]}}]
"""


class Scorer(http.server.BaseHTTPRequestHandler):
    """Serves the metrics of a scorer of which one feature has moved, and takes what the webhook is told."""

    told: "queue.Queue[dict[str, Any]]" = queue.Queue()

    def do_GET(self) -> None:
        lines = ['delays_feature_drift_psi{feature="visib"} 0.4', 'delays_feature_drift_psi{feature="hour"} 0.02']
        body = "\n".join([*lines, "delays_prediction_seconds 0.4", ""]).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        self.told.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@contextlib.contextmanager
def serving() -> Iterator[int]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Scorer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


@contextlib.contextmanager
def running(program: Path, folder: Path, ready: int, *options: str) -> Iterator[None]:
    with (folder / f"{program.name}.log").open("wb") as log:
        started = subprocess.Popen([program, *options], cwd=folder, stdout=log, stderr=log)
        try:
            until = time.monotonic() + WAIT
            while not answers(ready):
                assert started.poll() is None, (folder / f"{program.name}.log").read_text()[-2000:]
                assert time.monotonic() < until, f"{program.name} did not get ready"
                time.sleep(0.2)
            yield
        finally:
            started.terminate()
            started.wait(30)


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/-/ready", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def test_a_rule_of_the_careful_submission_fires_and_the_webhook_is_told(tmp_path: Path) -> None:
    prometheus, alertmanager = process.find("prometheus"), process.find("alertmanager")
    if prometheus is None or alertmanager is None:
        pytest.skip("prometheus and alertmanager are not installed (make system-deps)")
    rules = RULES.read_text(encoding="utf-8")
    assert "for: 2h" in rules
    (tmp_path / "alerts.yml").write_text(rules.replace("for: 2h", "for: 2s"))  # nothing else of them is changed
    ports = [free_port(), free_port()]
    with serving() as scorer:
        (tmp_path / "am.yml").write_text(ALERTMANAGER.format(hook=scorer))
        (tmp_path / "prom.yml").write_text(PROMETHEUS.format(alertmanager=ports[0], metrics=scorer))
        listen = "--web.listen-address=127.0.0.1:{}"
        options = ("--config.file=am.yml", "--storage.path=am", "--cluster.listen-address=", listen.format(ports[0]))
        with running(alertmanager, tmp_path, ports[0], *options):
            options = ("--config.file=prom.yml", "--storage.tsdb.path=tsdb", listen.format(ports[1]))
            with running(prometheus, tmp_path, ports[1], *options):
                told = Scorer.told.get(timeout=WAIT)
    (alert,) = told["alerts"]
    assert alert["status"] == "firing"
    assert alert["labels"]["alertname"] == "FeatureDrift"
    assert alert["labels"]["feature"] == "visib"
    assert alert["labels"]["severity"] == "ticket"
    assert alert["annotations"]["summary"] == "visib has moved from the training table (PSI 0.4)"
    assert Scorer.told.empty()
