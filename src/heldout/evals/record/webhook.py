"""Posts events to a webhook in the Slack incoming format. The ledger is the outbox; a small file says how far.

The ledger never waits: posting comes after, and what fails is posted with the next call. An event counts as posted when
the other side answered with success; each carries its line's hash, so that a receiver can tell a repetition after an
answer that was lost on the way.
"""

import contextlib
import fcntl
import json
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from heldout.core.errors import BadInput
from heldout.core.whole_file import write_whole
from heldout.evals.record.kinds import KINDS, Kind, Role
from heldout.evals.record.ledger import Event
from heldout.evals.record.workspace import CandidateRecord, Workspace

__all__ = ["KEY_HEADER", "Posted", "message_of", "post_events", "set_webhook", "webhook_of"]

SECONDS = 3.0
MOST_CHARACTERS = 300
"""Of what somebody wrote, in a message."""
MOST_AT_ONCE = 100
KEY_HEADER = "Idempotency-Key"
OUTBOX = "webhook.json"
PLAIN = {"mrkdwn": False, "parse": "none", "link_names": False, "unfurl_links": False, "unfurl_media": False}
"""Tells the receiver to make no link, mention or format of what somebody wrote."""
SHOWN_KEYS = ("number", "replaces", "done", "text", "narrowed", "tradeoffs", "accepted", "why", "hours", "ref", "band")
EVERYBODY = frozenset({Role.ORGANISER, Role.CANDIDATE, Role.RATER})


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """How many events were posted now, how many wait, and why the first of them could not be posted."""

    posted: int
    waiting: int
    why: str = ""


def set_webhook(workspace: Workspace, url: str | None) -> None:
    """Keep the address in a file that only the owner reads, as who knows it may post; None takes it away.

    Raises BadInput for what is no http or https address.
    """
    path = workspace.folder / OUTBOX
    if url is None:
        path.unlink(missing_ok=True)
        return
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or any(sign.isspace() for sign in url):
        raise BadInput("the webhook is no address", where="--url", expected="https://...", mend="copy it whole")
    write_whole(path, json.dumps({"url": url}).encode())


def webhook_of(workspace: Workspace) -> str | None:
    """Return the address, or None where none is set."""
    said = _read(workspace.folder / OUTBOX)
    return str(said["url"]) if "url" in said else None


def post_events(workspace: Workspace, candidate: CandidateRecord) -> Posted:
    """Post the candidate's events that were not posted yet, in order, until one fails; never raises for the other side.

    Of two calls at once the second does nothing. Events that not everybody may see are passed over.
    """
    url = webhook_of(workspace)
    if url is None:
        return Posted(posted=0, waiting=0)
    with _alone(candidate.folder / f".{OUTBOX}.lock") as is_mine:
        if not is_mine:
            return Posted(posted=0, waiting=0, why="another process is posting")
        outbox = candidate.folder / OUTBOX
        done = int(_read(outbox).get("posted", -1))
        waiting = [event for event in candidate.ledger.events() if event.n > done]
        count = 0
        for place, event in enumerate(waiting):
            if count == MOST_AT_ONCE:
                return Posted(posted=count, waiting=_shown(waiting[place:]), why="the rest goes with the next call")
            if _is_for_all(event):
                why = _post(url, message_of(candidate.name, event), event.head)
                if why:
                    return Posted(posted=count, waiting=_shown(waiting[place:]), why=why)
                count += 1
            write_whole(outbox, json.dumps({"posted": event.n}).encode())
        return Posted(posted=count, waiting=0)


def message_of(name: str, event: Event) -> str:
    """Return an event as a line of text, escaped as Slack asks: nothing in it links, mentions or formats."""
    payload = event.payload or {}
    said = "; ".join(f"{key}: {_clipped(payload[key])}" for key in SHOWN_KEYS if payload.get(key) not in (None, ""))
    return _escaped(f"{name}: {KINDS[event.kind].says}" + (f" ({said})" if said else ""))


def _clipped(value: object) -> str:
    text = " ".join(str(value).split())
    text = "".join(sign if sign.isprintable() else "\ufffd" for sign in text)
    return text if len(text) <= MOST_CHARACTERS else f"{text[: MOST_CHARACTERS - 1]}…"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _is_for_all(event: Event) -> bool:
    return KINDS[event.kind].seen_by >= EVERYBODY and event.kind is not Kind.FORGOTTEN


def _shown(events: list[Event]) -> int:
    return sum(_is_for_all(event) for event in events)


def _post(url: str, text: str, key: str) -> str:
    """Post a message and return why it failed; empty when it was taken."""
    request = urllib.request.Request(  # noqa: S310 - the scheme was checked when the address was set
        url,
        data=json.dumps({"text": text, **PLAIN}).encode(),
        headers={"Content-Type": "application/json", KEY_HEADER: key},
        method="POST",
    )
    try:
        with urllib.request.build_opener(_NoRedirect).open(request, timeout=SECONDS) as answer:
            answer.read(1_000)
            return "" if 200 <= answer.status < 300 else f"it answered {answer.status}"
    except urllib.error.HTTPError as error:
        error.close()
        return f"it answered {error.code}"
    except (OSError, HTTPException, ValueError) as error:
        return f"it could not be reached ({type(error).__name__})"


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Follows nothing: where a message goes is what the organiser set."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        """Return None, so that a redirection is a failure."""
        return


@contextlib.contextmanager
def _alone(path: Path) -> Iterator[bool]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def _read(path: Path) -> Mapping[str, Any]:
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}
