"""Lines worded by a language model at an OpenAI-compatible endpoint, where one is named. It never grades.

Only the interviewer's stored line is sent, nothing of the candidate's. The stored line stands where the endpoint fails,
is slow, or words something else: another number, another question, or a wall of text.
"""

import contextlib
import http.client
import json
import re
import threading
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from heldout.core.errors import BadInput
from heldout.report.text import clean

__all__ = ["Endpoint", "endpoint_of"]

SECONDS = 4.0
"""That a line may take in all."""
LARGEST = 65_536
"""Bytes read of a reply."""
LONGEST_TIMES = 2
"""A wording may be so many times as long as its line, and a hundred characters."""
ORDER = (
    "You word lines for an interviewer who is courteous and brief. Word the user's line anew in one paragraph of plain "
    "English. Keep each number, each name and each question as they are; add no hint, no answer and no judgement. "
    "Return the line alone."
)
FAILS = (
    OSError,
    ValueError,
    KeyError,
    IndexError,
    TypeError,
    AttributeError,
    RecursionError,
    http.client.HTTPException,
)
"""What an endpoint that is down, slow, or no endpoint at all ends in."""
NUMBERS = re.compile(r"\d+(?:[.,]\d+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Where to ask: the address before `/chat/completions`, the model's name, and a key ("" for none)."""

    url: str
    model: str
    key: str = ""
    seconds: float = SECONDS

    def __call__(self, line: str) -> str:
        """Return another wording of a line, or "" where there is none that may stand for it."""
        found: list[str] = []

        def fetch() -> None:
            with contextlib.suppress(*FAILS):
                found.append(self._fetched(line))

        asking = threading.Thread(target=fetch, daemon=True)  # a server that drips bytes shall not hold the mock up
        asking.start()
        asking.join(self.seconds)
        return found[0] if found and _may_stand(found[0], line) else ""

    def _fetched(self, line: str) -> str:
        body = {
            "model": self.model,
            "messages": [{"role": "system", "content": ORDER}, {"role": "user", "content": line}],
            "temperature": 0.7,
            "max_tokens": 400,
        }
        headers = {"Content-Type": "application/json"}
        if self.key:
            headers["Authorization"] = f"Bearer {self.key}"
        address = f"{self.url.rstrip('/')}/chat/completions"
        request = urllib.request.Request(address, json.dumps(body).encode(), headers)  # noqa: S310 (http or https, see endpoint_of)
        with urllib.request.build_opener(_NoRedirect).open(request, timeout=self.seconds) as reply:
            text = json.loads(reply.read(LARGEST))["choices"][0]["message"]["content"]
        return clean(text)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Follows nothing, so that the key goes nowhere but where it was meant for."""

    def redirect_request(self, *_: object, **__: object) -> None:
        """Return None: the redirect is an error."""
        return


def endpoint_of(environment: Mapping[str, str]) -> Endpoint | None:
    """Return the endpoint that HELDOUT_LLM_URL, _MODEL and _KEY name, None for none. Raises BadInput for no address."""
    url = environment.get("HELDOUT_LLM_URL", "").strip()
    if not url:
        return None
    model = environment.get("HELDOUT_LLM_MODEL", "").strip()
    if not _is_address(url) or not model:
        raise BadInput(
            "the endpoint cannot be used",
            where="HELDOUT_LLM_URL and HELDOUT_LLM_MODEL",
            expected="an address that begins with http:// or https://, and a model's name",
            mend="set both, or neither: stored wordings are used then",
        )
    return Endpoint(url=url, model=model, key=environment.get("HELDOUT_LLM_KEY", "").strip())


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises for what is no number
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r"[^!-~]", url)


def _may_stand(worded: str, line: str) -> bool:
    """Return whether a wording has the numbers of its line, asks where it asks, and is not much longer."""
    same_numbers = sorted(NUMBERS.findall(worded)) == sorted(NUMBERS.findall(line))
    return (
        bool(worded)
        and same_numbers
        and ("?" in worded) == ("?" in line)
        and len(worded) <= LONGEST_TIMES * len(line) + 100
    )
