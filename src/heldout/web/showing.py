"""Makes pages of templates; every text is cleaned, bounded and escaped, whoever wrote it."""

import functools
from collections.abc import Mapping
from importlib.metadata import version
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.responses import HTMLResponse

from heldout.evals.record.kinds import KINDS, Role
from heldout.evals.record.ledger import Event
from heldout.evals.record.seen import payload_seen
from heldout.report.figures import said, short
from heldout.report.text import clean_line, clip

__all__ = ["as_typed", "facts_of", "page", "prose", "script", "shown_event", "source_lines", "style_sheet"]

MOST_LINES = 60
MOST_FACTS = 60
MOST_SOURCE_LINES, MOST_LINE = 5_000, 2_000
MOST_PROSE = 10_000


def page(template: str, *, status: int = 200, **context: Any) -> HTMLResponse:
    """Return a page made of a template of this folder."""
    return HTMLResponse(_environment().get_template(template).render(**context), status_code=status)


@functools.cache
def style_sheet() -> str:
    """Return the style of the reports, and what the pages add to it."""
    reports = files("heldout.report").joinpath("templates", "style.css").read_text(encoding="utf-8")
    return reports + files("heldout.web").joinpath("templates", "site.css").read_text(encoding="utf-8")


@functools.cache
def script() -> str:
    """Return the script that saves a sheet while it is filled in."""
    return files("heldout.web").joinpath("templates", "sheet.js").read_text(encoding="utf-8")


def source_lines(text: str) -> list[Markup]:
    """Return the lines of a file for a page: cleaned, bounded and escaped, with their blanks."""
    lines = (clean_line(line) for line in text.removesuffix("\n").split("\n")[:MOST_SOURCE_LINES])
    return [escape(line if len(line) <= MOST_LINE else f"{line[:MOST_LINE]}…") for line in lines]


def prose(text: str) -> Markup:
    """Return what somebody wrote for a page that keeps its lines: cleaned, bounded and escaped."""
    return Markup("\n").join(clean_line(line) for line in text[:MOST_PROSE].split("\n"))


def as_typed(text: str) -> Markup:
    """Return a person's own text for the field in which they go on with it, sign for sign as they typed it."""
    return Markup("\n") + escape(text)  # a field drops the first line end in it


def shown_event(event: Event, role: Role | None) -> dict[str, Any]:
    """Return what a page shows of an event. Number, hash and time would tell a rater of what they do not see."""
    return {
        "n": None if role is Role.RATER else event.n,
        "head": "" if role is Role.RATER else event.head[:16],
        "at": "" if role is Role.RATER else event.at.strftime("%Y-%m-%d %H:%M:%S UTC"),
        "says": KINDS[event.kind].says,
        "kind": event.kind.value,
        "actor": event.actor.value,
        "is_forgotten": event.payload is None,
        "facts": facts_of(payload_seen(event, role) or {}),
    }


def facts_of(payload: Mapping[str, Any]) -> list[tuple[str, list[str]]]:
    """Return the values of a payload as names and lines, nested ones under a dotted name."""
    found: list[tuple[str, list[str]]] = []
    waiting = list(payload.items())
    while waiting and len(found) < MOST_FACTS:
        name, value = waiting.pop(0)
        if isinstance(value, Mapping):
            waiting = [(f"{name}, {key}", inner) for key, inner in value.items()] + waiting
        elif isinstance(value, list):
            waiting = [(f"{name} {place}", inner) for place, inner in enumerate(value, start=1)] + waiting
        elif value not in (None, ""):
            found.append((name, [line for line in str(value).splitlines()[:MOST_LINES] if line.strip()]))
    return found


@functools.cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("heldout.web", "templates"),
        autoescape=True,
        finalize=_finalize,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "said": said,
        "short": short,
        "signed": lambda one: said(one, signed=True),
        "words": lambda text: text.replace("_", " "),
    }
    environment.globals |= {"version": version("heldout"), "most": 12, "most_lines": 200}
    return environment


def _finalize(value: Any) -> Any:
    return clip(value) if isinstance(value, str) and not isinstance(value, Markup) else value
