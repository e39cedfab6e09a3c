"""The findings of a report as Markdown: in full, or as much of them as a comment on a pull request takes."""

import re
from collections.abc import Sequence

from heldout.core.accept import Standing
from heldout.core.finding import Ending, Finding, Witness
from heldout.report import reading, verdict_reading
from heldout.report.figures import said
from heldout.report.text import NAME, clip

__all__ = ["MOST", "code", "escape", "findings_text", "in_room", "table"]

SHOWN = 12
"""Measures and witnesses shown per finding."""

MOST = 50
"""Findings of one ending that are shown; the JSON holds all."""

CELL = 240
"""Characters of a claim in a cell; below the table it stands in full."""

SPECIAL = re.compile(r"([\\`*_\[\]<>~|$&]|(?<=:)/|:(?=/)|(?i:(?<=www)\.))")
REFERENCE = re.compile(r"(@|#(?=\d))")
JOINER = "\u2060"  # of no width: GitHub then sees neither a mention nor an issue's number


def escape(text: str, limit: int = 600) -> str:
    """Return cleaned text that Markdown (GitHub's as well) shows as it stands."""
    return REFERENCE.sub(rf"\1{JOINER}", SPECIAL.sub(r"\\\1", clip(text, limit)))


def code(text: str) -> str:
    """Return cleaned text as a code span, whatever backticks it holds."""
    text = clip(text, NAME)
    fence = "`" * (1 + max((len(run) for run in re.findall(r"`+", text)), default=0))
    space = " " if text.startswith("`") or text.endswith("`") or not text else ""
    return f"{fence}{space}{text}{space}{fence}"


def table(rows: Sequence[Sequence[str]]) -> str:
    """Return rows of cells, which are escaped already, as a table; the first row is its head."""
    head, *rest = (f"| {' | '.join(cells)} |" for cells in rows)
    return "\n".join((head, "|---" * len(rows[0]) + "|", *rest))


def findings_text(findings: tuple[Finding, ...]) -> list[str]:
    """Return the findings by ending, problems first; what is clear or was not asked is folded."""
    parts = []
    for ending, found in reading.findings_in_order(findings).items():
        title = f"{ending.value.replace('_', ' ')} ({len(found)})"
        more = [f"- and {len(found) - MOST} more"] if len(found) > MOST else []
        lines = "\n".join([*(_finding(finding) for finding in found[:MOST]), *more])
        if ending in {Ending.PROBLEM, Ending.CAUTION, Ending.CRASHED}:
            parts.append(f"#### {title}\n\n{lines}")
        else:
            parts.append(f"<details><summary>{title}</summary>\n\n{lines}\n\n</details>")
    return parts


def _finding(finding: Finding) -> str:
    level = f"{finding.certainty.value}, " if finding.certainty else ""
    name = f"**{escape(finding.code, NAME)}** ({level}{escape(finding.name, NAME)})"
    lines = [f"- {name}: {escape(finding.answer.claim)}"]
    lines += [f"  - {escape(line)}" for line in reading.standing_lines(finding)]
    lines += [
        f"  - {escape(measure.name, NAME)}: {escape(said(measure.estimate, measure.unit))}"
        for measure in finding.answer.measures[:SHOWN]
    ]
    lines += [f"  - {_witness(witness)}" for witness in finding.answer.witnesses[:SHOWN]]
    if len(finding.answer.witnesses) > SHOWN:
        lines.append(f"  - and {len(finding.answer.witnesses) - SHOWN} more")
    if finding.answer.to_do:
        lines.append(f"  - To do: {escape(finding.answer.to_do)}")
    return "\n".join(lines)


def _witness(witness: Witness) -> str:
    line = f", line {witness.line}" if witness.line is not None else ""
    note = f": {escape(witness.note)}" if witness.note else ""
    return f"{escape(witness.kind, NAME)} {code(witness.where)}{line}{note}"


def in_room(findings: tuple[Finding, ...], room: int) -> list[str]:
    """Return a table of the open problems, the others folded below it, in at most `room` bytes of UTF-8.

    Tables of known and accepted problems come last; what does not fit is counted.
    """
    by_ending = reading.findings_in_order(findings)
    problems = by_ending.pop(Ending.PROBLEM, ())
    is_open = [finding for finding in problems if finding.standing is Standing.OPEN]
    lived_with = [finding for finding in problems if finding.standing is not Standing.OPEN]
    left, parts = room, []
    for rows, title in ((is_open, "problem"), (lived_with, "known or accepted")):
        if rows:
            parts.append(_table_of(rows, title, room // 4))
            left -= len(parts[-1].encode()) + 2
    folded = {"details of the problems": is_open}
    missing = by_ending.pop(Ending.NO_EVIDENCE, ())
    last = [escape(f"{verdict_reading.not_asked_line(missing)}.")] if missing else []
    left -= sum(len(text.encode()) + 2 for text in last)
    folded |= {ending.value.replace("_", " "): list(found) for ending, found in by_ending.items()}
    for place, (title, found) in enumerate((name, found) for name, found in folded.items() if found):
        text = _folded(title, found, left - 200 * (len(folded) - place))
        left -= len(text.encode()) + 2
        parts.insert(len(parts) - bool(lived_with), text)
    return [*parts, *last]


def _table_of(findings: Sequence[Finding], title: str, room: int) -> str:
    head = [title, "certainty", "what"]
    rows = [head]
    for finding in findings:
        room -= len(table([head, row := _row(finding)]).encode())
        if room < 0:
            rows.append([f"and {len(findings) - len(rows) + 1} more, in the JSON", "", ""])
            break
        rows.append(row)
    return table(rows)


def _row(finding: Finding) -> list[str]:
    certainty = finding.certainty.value if finding.certainty else ""
    claim = escape(finding.answer.claim, CELL)
    said_of = [escape(line, CELL) for line in reading.standing_lines(finding)[:3]]
    return [f"**{escape(finding.code, NAME)}** {escape(finding.name, NAME)}", certainty, " ".join((claim, *said_of))]


def _folded(title: str, findings: Sequence[Finding], room: int) -> str:
    """Return findings behind a line to click on, as many as there is room for."""
    lines: list[str] = []
    for finding in findings[:MOST]:
        text = _finding(finding)
        room -= len(text.encode()) + 1
        if room < 0:
            break
        lines.append(text)
    if len(lines) < len(findings):
        lines.append(f"- {'and ' if lines else ''}{len(findings) - len(lines)} more, in the JSON")
    summary = f"{title} ({len(findings)})"
    return f"<details><summary>{summary}</summary>\n\n{chr(10).join(lines)}\n\n</details>"
