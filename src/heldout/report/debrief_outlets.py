"""The notes for the talk as a page, as Markdown and as JSON."""

import json
from dataclasses import asdict

from rich.console import Console

from heldout.core.debrief import Debrief
from heldout.report.html import render
from heldout.report.markdown_findings import escape
from heldout.report.printing import print_line
from heldout.report.text import NAME

__all__ = ["debrief_json", "debrief_page", "debrief_text", "print_debrief"]

ABOUT = (
    "Notes for the talk after the eval. They speak of the work, not of a person; each sentence names what it rests on."
)


def debrief_page(made: Debrief) -> str:
    """Return the notes as a self-contained page."""
    return render("debrief.html", debrief=made, about=ABOUT)


def debrief_text(made: Debrief) -> str:
    """Return the notes as Markdown."""
    parts = [f"### {escape(made.submission, NAME)}: notes for the talk", escape(made.title), ABOUT]
    for section in made.sections:
        parts.append(f"#### {section.heading}")
        lines = [
            f"- {escape(note.says, 1_400)} *({escape('; '.join(note.evidence), 1_400)})*" for note in section.notes
        ]
        parts.append("\n".join(lines) or section.without)
    return "\n\n".join(parts) + "\n"


def debrief_json(made: Debrief) -> str:
    """Return the notes as JSON."""
    return json.dumps({"schema": "heldout.debrief.v1", **asdict(made)}, indent=2) + "\n"


def print_debrief(made: Debrief, console: Console) -> None:
    """Print the notes."""
    print_line(console, f"{made.submission}: {made.title}", "bold")
    print_line(console, ABOUT, "dim")
    for section in made.sections:
        console.print()
        print_line(console, section.heading, "bold")
        for note in section.notes:
            print_line(console, note.says, indent=2)
            print_line(console, "; ".join(note.evidence), "dim", indent=4)
        if not section.notes:
            print_line(console, section.without, "dim", indent=2)
