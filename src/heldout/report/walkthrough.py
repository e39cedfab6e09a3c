"""A walkthrough for people: the interviewer's sheet with answers, the candidate's without, for browser and terminal."""

from dataclasses import asdict
from typing import Any

from markupsafe import Markup, escape
from rich.console import Console

from heldout.core.walkthrough import Question, Source, Walkthrough
from heldout.report.figures import said
from heldout.report.html import render
from heldout.report.markdown import code
from heldout.report.markdown import escape as plain
from heldout.report.printing import print_line
from heldout.report.text import NAME, clip

__all__ = ["interviewer_page", "interviewer_text", "practice_page", "practice_text", "print_walkthrough"]

LEVELS = ("junior", "mid", "senior", "staff")
FEWEST = 6
KIND = {"card": "the card, ", "brief": "the brief, ", "holdout": "the bundle, ", "finding": "finding "}
ASKING = (
    "Read a question as it stands, then listen: about five minutes each. Compare afterwards. An answer that differs "
    "and is argued from evidence is worth more than a figure that is recited; where the answer below is wrong, say so."
)
PRACTISING = (
    "These are the questions that your own submission raises. Answer each aloud in three minutes, and name the file, "
    "the line or the figure that you would show. Estimate before you compute."
)


def interviewer_page(sheet: Walkthrough) -> str:
    """Return the interviewer's sheet as one page: question, answer, evidence, levels, room for notes."""
    shown = [_shown(question) for question in sheet.questions]
    return render(
        "walkthrough.html",
        sheet={**_head(sheet), "questions": shown, "not_asked": sheet.not_asked},
        intro=ASKING,
        few=_few(sheet),
        levels=LEVELS,
        source=_source_html,
    )


def practice_page(sheet: Walkthrough) -> str:
    """Return the candidate's sheet as one page: the questions, and nothing that answers them."""
    shown = [{"theme": one.theme, "text": one.text} for one in sheet.questions]
    return render("practice.html", sheet={**_head(sheet), "questions": shown}, intro=PRACTISING)


def interviewer_text(sheet: Walkthrough) -> str:
    """Return the interviewer's sheet as Markdown."""
    parts = [
        f"### Walkthrough of {plain(sheet.submission, NAME)}: interviewer's sheet",
        plain(sheet.eval_title),
        ASKING,
    ]
    parts.append(f"Computed from the {sheet.bundle} bundle of commit {code(sheet.commit)}, card {code(sheet.card)}.")
    for place, one in enumerate(sheet.questions, start=1):
        parts += _question_text(place, one)
    few = _few(sheet)
    left = [f"- {plain(one.theme)} ({plain(_in_words(one.name))}): {plain(one.reason)}" for one in sheet.not_asked]
    parts += ["#### Not asked", *([few] if few else []), "\n".join(left)]
    return "\n\n".join(part for part in parts if part) + "\n"


def practice_text(sheet: Walkthrough) -> str:
    """Return the candidate's sheet as Markdown."""
    parts = [f"### Walkthrough of {plain(sheet.submission, NAME)}: practice sheet", plain(sheet.eval_title), PRACTISING]
    parts += [f"#### {place}. {plain(one.theme)}\n\n{plain(one.text)}" for place, one in enumerate(sheet.questions, 1)]
    return "\n\n".join(part for part in parts if part) + "\n"


def print_walkthrough(sheet: Walkthrough, console: Console) -> None:
    """Print each question with its answer, and what was not asked."""
    print_line(console, f"{sheet.submission}: {len(sheet.questions)} questions", "bold")
    for place, one in enumerate(sheet.questions, start=1):
        console.print()
        print_line(console, f"{place}. {one.theme} ({one.worth.value})", "bold")
        print_line(console, one.text, indent=3)
        for line in one.answer:
            print_line(console, line, "dim", indent=5)
    console.print()
    if few := _few(sheet):
        print_line(console, few, "yellow")
    for left in sheet.not_asked:
        print_line(console, f"not asked: {left.theme} ({_in_words(left.name)}): {left.reason}", "dim")


def _in_words(name: str) -> str:
    return name.replace("-", " ")


def _head(sheet: Walkthrough) -> dict[str, Any]:
    return {name: getattr(sheet, name) for name in ("eval_title", "submission", "commit", "bundle", "card")}


def _shown(one: Question) -> dict[str, Any]:
    fields = ("name", "theme", "worth", "text", "answer", "figures", "sources")
    return {**{name: getattr(one, name) for name in fields}, "anchors": asdict(one.anchors)}


def _few(sheet: Walkthrough) -> str:
    if len(sheet.questions) >= FEWEST:
        return ""
    return f"Only {len(sheet.questions)} of at least {FEWEST} questions can be asked; below is why the others are not."


def _source_html(source: Source) -> Markup:
    where = clip(source.where, NAME) + (f":{source.line}" if source.line is not None else "")
    note = f": {clip(source.note)}" if source.note else ""
    lead, rest = escape(KIND.get(source.kind, "")), escape(note)
    return Markup(f'{lead}<code>{escape(where)}</code><span class="muted">{rest}</span>')  # noqa: S704  # escaped


def _question_text(place: int, one: Question) -> list[str]:
    figures = [f"- {plain(m.name, NAME)}: {plain(said(m.estimate, m.unit))}" for m in one.figures]
    sources = [_source_text(source) for source in one.sources]
    anchors = [f"- {level}: {plain(text)}" for level, text in asdict(one.anchors).items()]
    return [
        f"#### {place}. {plain(one.theme)}",
        f"**{plain(one.text)}**",
        "\n".join(f"- {plain(line)}" for line in one.answer),
        "\n".join(["Figures:", "", *figures]) if figures else "",
        "\n".join(["Where it stands:", "", *sources]),
        "\n".join(["What an answer contains:", "", *anchors]),
    ]


def _source_text(source: Source) -> str:
    line = f", line {source.line}" if source.line is not None else ""
    note = f": {plain(source.note)}" if source.note else ""
    return f"- {KIND.get(source.kind, '')}{code(source.where)}{line}{note}"
