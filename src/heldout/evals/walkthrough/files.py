"""What a submission's files say for a walkthrough: the contract, alerts with their lines, columns and fallbacks named.

Runs in a process of its own (`sandbox.own`): parsing hostile text may cost any memory or time.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from heldout.core.documents import document_names, sections
from heldout.core.repository import Repository, shown
from heldout.evals.submission import read_submission
from heldout.sandbox import serve
from heldout.tools.git.commit import READ_BYTES
from heldout.tools.promtool import alert_rules

__all__ = ["answer"]

Plain = Mapping[str, Any]
FALLBACK = re.compile(r"\b(?:fall(?:s|ing)?[ -]?back|roll(?:s|ed|ing)?[ -]?back)\b", re.IGNORECASE)
FOR = re.compile(r"\s*for:\s*[\"']?([0-9a-z]{1,20})")
MOST_LINES, LONGEST = 20_000, 400
MOST_FOUND = 12


def answer(request: Plain) -> Plain:
    """Return the "contract" as plain data, the "alerts", the "fallback" lines, and the lines that name each column."""
    repository = _read(Path(request["tree"]), request["commit"])
    contract = read_submission(
        repository.files.get("submission.toml"), frozenset((*repository.files, *repository.omitted))
    )
    late = [name for name in contract.reported.features if name not in set(request["available"])]
    return {
        "contract": contract.model_dump(mode="json"),
        "alerts": [_alert(repository, *rule) for rule in alert_rules(repository).rules],
        "fallback": list(_fallbacks(repository))[:MOST_FOUND],
        "named": {name: list(_named(repository, name))[:MOST_FOUND] for name in late[:MOST_FOUND]},
    }


def _read(tree: Path, commit: str) -> Repository:
    paths = {path.relative_to(tree).as_posix(): path for path in sorted(tree.rglob("*")) if path.is_file()}
    sizes = {name: path.stat().st_size for name, path in paths.items()}
    return Repository(
        commit=commit,
        files={name: paths[name].read_bytes() for name, size in sizes.items() if size <= READ_BYTES},
        omitted=tuple(name for name, size in sizes.items() if size > READ_BYTES),
    )


def _alert(repository: Repository, path: str, alert: str, expression: str) -> Plain:
    """Return an alert with its line and its waiting time, as the text has them."""
    lines = _lines(repository, path)
    head = re.compile(rf"\s*(?:-\s+)?alert:\s*[\"']?{re.escape(alert)}[\"']?\s*(?:#.*)?$")
    place = next((at for at, line in enumerate(lines) if head.match(line)), None)
    wait = None
    for line in lines[place + 1 :] if place is not None else ():
        if re.match(r"\s*-\s+(?:alert|record|name):", line):
            break
        if found := FOR.match(line):
            wait = found[1]
            break
    return {
        "path": path,
        "line": None if place is None else place + 1,
        "alert": shown(alert),
        "expression": shown(" ".join(expression.split()), 200),
        "wait": wait,
    }


def _fallbacks(repository: Repository) -> Iterator[Plain]:
    """Yield the sentences of the documents that speak of a fallback, each with the line that does."""
    for section in (one for name in document_names(repository) for one in sections(repository, name)):
        lines = [at for at, line in enumerate(_lines(repository, section.path), start=1) if FALLBACK.search(line)]
        here = iter(at for at in lines if at >= section.line)
        for sentence in section.sentences():
            if FALLBACK.search(sentence) and not sentence.startswith("|"):
                text = shown(sentence.strip(), 240)
                yield {"path": section.path, "line": next(here, section.line), "text": text}


def _named(repository: Repository, column: str) -> Iterator[Plain]:
    """Yield the lines of programs, then of the contract, that name a column."""
    word = re.compile(rf"(?<![\w]){re.escape(column)}(?![\w])")
    programs = [path for path in repository.matching(".py", ".ipynb", ".sql", ".r") if "test" not in path.lower()]
    for path in (*programs, "submission.toml"):
        for number, line in enumerate(_lines(repository, path), start=1):
            if word.search(line):
                yield {"path": path, "line": number, "text": shown(line.strip(), 160)}


def _lines(repository: Repository, path: str) -> Sequence[str]:
    text = repository.text(path) or ""
    return [line[:LONGEST] for line in text.split("\n")[:MOST_LINES]]


if __name__ == "__main__":
    serve(answer)
