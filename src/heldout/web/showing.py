"""Makes pages of templates; every text is cleaned, bounded and escaped, whoever wrote it."""

import functools
from collections.abc import Mapping
from importlib.metadata import version
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import HTMLResponse

from heldout.evals.record.kinds import KINDS, Role
from heldout.evals.record.ledger import Event
from heldout.report.text import clip

__all__ = ["facts_of", "page", "shown_event", "style_sheet"]

MOST_LINES = 60
MOST_FACTS = 60


def page(template: str, *, status: int = 200, **context: Any) -> HTMLResponse:
    """Return a page made of a template of this folder."""
    return HTMLResponse(_environment().get_template(template).render(**context), status_code=status)


@functools.cache
def style_sheet() -> str:
    """Return the style of the reports, and what the pages add to it."""
    reports = files("heldout.report").joinpath("templates", "style.css").read_text(encoding="utf-8")
    return reports + files("heldout.web").joinpath("templates", "site.css").read_text(encoding="utf-8")


def shown_event(event: Event, role: Role | None) -> dict[str, Any]:
    """Return what a page shows of an event. Number, hash and time would tell a rater of an event they do not see."""
    return {
        "n": None if role is Role.RATER else event.n,
        "head": "" if role is Role.RATER else event.head[:16],
        "at": "" if role is Role.RATER else event.at.strftime("%Y-%m-%d %H:%M:%S UTC"),
        "says": KINDS[event.kind].says,
        "kind": event.kind.value,
        "actor": event.actor.value,
        "is_forgotten": event.payload is None,
        "facts": facts_of(event.payload or {}),
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
    environment.filters["words"] = lambda text: text.replace("_", " ")
    environment.globals["version"] = version("heldout")
    return environment


def _finalize(value: Any) -> Any:
    return clip(value) if isinstance(value, str) and not isinstance(value, Markup) else value
