"""Reads the run folders of MLflow (`mlruns/EXPERIMENT/RUN/{meta.yaml,params,metrics,tags}`) out of a repository."""

import json
from collections.abc import Iterator, Mapping

from heldout.evals.talk.document import MAX_ENTRIES, Notes, number_of
from heldout.evals.talk.experiments import Experiments, LoggedRun

__all__ = ["read_mlflow"]

FOLDER = "mlruns/"
PARTS = ("params", "metrics", "tags")
MOST_PARAMETERS = 50
TAIL_BYTES = 4_096
HEAD_BYTES = 4_096
COMMIT = "mlflow.source.git.commit"
DATA = ("data_version", "data version", "dataset", "dataset_version")
Files = Mapping[str, bytes]


def read_mlflow(files: Files) -> Experiments:
    """Return one logged run per run and metric, with the metric's last value, in order of path; never raises."""
    notes = Notes("mlruns")
    logged: list[LoggedRun] = []
    for folder, parts in _runs(files).items():
        for run in _logged(folder, parts, notes):
            if len(logged) == MAX_ENTRIES:
                notes.add(None, "the other runs are not read", expected=f"at most {MAX_ENTRIES:,} metrics of runs")
                return Experiments(runs=tuple(logged), messages=notes.all())
            logged.append(run)
    return Experiments(runs=tuple(logged), messages=notes.all())


def _runs(files: Files) -> dict[str, dict[str, bytes]]:
    """Return the files of each run by their path inside of its folder."""
    runs: dict[str, dict[str, bytes]] = {}
    for path in sorted(files):
        start = 0 if path.startswith(FOLDER) else path.find("/" + FOLDER) + 1
        if not path[start:].startswith(FOLDER):
            continue
        words = path[start + len(FOLDER) :].split("/", 2)
        if len(words) == 3 and (words[2] == "meta.yaml" or words[2].startswith(tuple(f"{part}/" for part in PARTS))):
            folder = path[: len(path) - len(words[2]) - 1]
            runs.setdefault(folder, {})[words[2]] = files[path]
    return runs


def _logged(folder: str, parts: Mapping[str, bytes], notes: Notes) -> Iterator[LoggedRun]:
    meta = _meta(parts.get("meta.yaml", b""))
    said = {
        part: {name.removeprefix(f"{part}/"): body for name, body in parts.items() if name.startswith(f"{part}/")}
        for part in PARTS
    }
    if not said["metrics"]:
        notes.add(None, f"{folder} has no metric")
    params = {name: _text(body) for name, body in list(said["params"].items())[:MOST_PARAMETERS]}
    tags = {name: _text(body) for name, body in said["tags"].items()}
    begun, ended = number_of(meta.get("start_time", "")), number_of(meta.get("end_time", ""))
    for name, body in said["metrics"].items():
        value = _last_value(body)
        if value is None:
            notes.add(None, f"{folder}/metrics/{name} has no value", expected="lines of time, value and step")
        yield LoggedRun(
            run=meta.get("run_name") or tags.get("mlflow.runName") or folder.rpartition("/")[2],
            data_version=next((source[key] for source in (tags, params) for key in DATA if key in source), ""),
            hyperparameters=json.dumps(params, sort_keys=True) if params else "",
            metric=name,
            value=value,
            seconds=(ended - begun) / 1000 if begun is not None and ended is not None and ended >= begun else None,
            peak_mb=None,
            commit=tags.get(COMMIT, "").lower(),
            note=tags.get("mlflow.note.content", ""),
            file=f"{folder}/metrics/{name}",
            line=None,
        )


def _meta(body: bytes) -> dict[str, str]:
    """Return the flat `name: value` lines that MLflow writes; no YAML is obeyed."""
    pairs = (line.partition(":") for line in _text(body).splitlines())
    return {name.strip(): value.strip().strip("'\"") for name, colon, value in pairs if colon}


def _text(body: bytes) -> str:
    return body[:HEAD_BYTES].decode("utf-8", errors="replace").strip()


def _last_value(body: bytes) -> float | None:
    """Return the value of the last line: `time value step`."""
    lines = body[-TAIL_BYTES:].decode("utf-8", errors="replace").split("\n")
    last = next((line.split() for line in reversed(lines) if line.strip()), [])
    return number_of(last[1]) if len(last) >= 2 else None
