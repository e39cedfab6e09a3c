"""How a report is printed in a terminal or a pipe. Text goes out as `rich.Text`: markup of others is not read."""

from collections.abc import Iterable, Mapping, Sequence

from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from heldout.core.accept import Standing
from heldout.core.finding import Certainty, Ending, Finding, Witness
from heldout.report import reading
from heldout.report.figures import said
from heldout.report.text import NAME, clip

__all__ = [
    "CELL",
    "STYLES",
    "new_table",
    "print_facts",
    "print_finding",
    "print_findings",
    "print_line",
    "print_title",
    "text_of",
    "witness_text",
]

SHOWN = 12
"""Measures and witnesses shown per finding."""

FOREIGN = ("submission", "problem, as it is mended", "found by")
"""Columns whose texts may be long."""

CELL = 12
"""Characters of a name in a cell of a table."""

STYLES = {"problem": "bold red", "caution": "yellow", "undecided": "yellow", "crashed": "magenta", "clear": "green"}
LIKENESS = {"→": "->", "−": "-", "≥": ">=", "≤": "<=", "±": "+-", "·": "-", "…": "...", "“": '"', "”": '"'}
SIGNS = {"×": "x", "●": "*", "▲": "^", "◆": "?"}
PLAIN = str.maketrans(LIKENESS | SIGNS)


def new_table(console: Console, headings: Sequence[str], gap: int) -> Table:
    """Return an empty table with these headings, each of one line or several."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, gap, 0, 0), show_edge=False)
    for heading in headings:
        table.add_column(text_of(console, heading.split("\n")), no_wrap=heading not in FOREIGN)
    return table


def print_findings(console: Console, findings: Iterable[Finding]) -> None:
    """Print findings in full, problems first; of those that are clear or were not asked what they claim."""
    for ending, found in reading.findings_in_order(findings).items():
        if ending in {Ending.PROBLEM, Ending.CAUTION, Ending.CRASHED}:
            for finding in found:
                console.print()
                print_finding(console, finding)
        else:
            console.print()
            print_line(console, f"{ending.value.replace('_', ' ')} ({len(found)})", STYLES.get(ending.value, "dim"))
            for finding in found:
                print_line(console, f"{finding.code} {finding.answer.claim}", "dim", indent=2)


def print_title(console: Console, finding: Finding) -> None:
    """Print how sure a finding is, whether it is lived with, and which check gave it."""
    level = f" · {finding.certainty.value}" if finding.certainty else ""
    level += "" if finding.standing is Standing.OPEN else f" · {finding.standing.value}"
    is_question = finding.certainty is Certainty.SUSPECT or finding.standing is not Standing.OPEN
    style = "yellow" if is_question else STYLES[finding.ending.value]
    print_line(console, f"{finding.ending.value}{level}  {finding.code} {finding.family}/{finding.name}", style)


def print_finding(console: Console, finding: Finding) -> None:
    """Print a finding with its measures, its witnesses and what to do."""
    answer = finding.answer
    print_title(console, finding)
    print_line(console, answer.claim, indent=2)
    for line in reading.standing_lines(finding):
        print_line(console, line, indent=2)
    for measure in answer.measures[:SHOWN]:
        print_line(console, f"{measure.name}: {said(measure.estimate, measure.unit)}", indent=4)
    for witness in answer.witnesses[:SHOWN]:
        print_line(console, witness_text(witness), indent=4)
    if len(answer.witnesses) > SHOWN:
        print_line(console, f"and {len(answer.witnesses) - SHOWN} more", indent=4)
    if answer.to_do:
        print_line(console, f"to do: {answer.to_do}", indent=2)


def witness_text(witness: Witness) -> str:
    """Say where to look, and what is there."""
    line = f":{witness.line}" if witness.line is not None else ""
    place = f"{clip(witness.where, NAME)}{line}"
    place = place if witness.kind == "file" else f"{witness.kind} {place}"
    return f"{place}: {witness.note}" if witness.note else place


def print_facts(console: Console, facts: Mapping[str, str]) -> None:
    """Print names and texts beside each other; a name that begins with blanks belongs to the one above."""
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(max_width=max(12, console.width // 3))
    grid.add_column()
    for name, value in facts.items():
        left = 2 if name.startswith("  ") else 0
        grid.add_row(Padding(text_of(console, clip(name, NAME), "dim"), (0, 0, 0, left)), text_of(console, value))
    console.print(grid)


def print_line(console: Console, text: str, style: str = "", *, indent: int = 0) -> None:
    """Print a cleaned line; where it is too long it goes on below itself."""
    console.print(Padding(text_of(console, text, style), (0, 0, 0, indent), expand=False))


def text_of(console: Console, text: str | Sequence[str], style: str = "") -> Text:
    """Return cleaned lines as Text; an encoding that lacks a sign gets its plain likeness."""
    shown = "\n".join(clip(line) for line in ([text] if isinstance(text, str) else text))
    if not console.encoding.lower().startswith("utf"):
        shown = shown.translate(PLAIN).encode(console.encoding, "replace").decode(console.encoding)
    return Text(shown, style=style, overflow="fold")
