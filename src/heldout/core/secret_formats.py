"""Recognises secrets by the form of well-known tokens, and assignments of random text to names of secrets.

Precision first: what is obviously a placeholder is left alone. What is found is named, never shown.
"""

import itertools
import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["FORMATS", "Secret", "secrets_in"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """A secret's line (first is 1) and what kind it is; `has_form` tells a token's own form from a random value."""

    line: int
    kind: str
    has_form: bool


FORMATS = {
    "an AWS access key": rb"(?:AKIA|ASIA)[A-Z2-7]{16}",
    "a GitHub token": rb"gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}",
    "a GitLab token": rb"glpat-[A-Za-z0-9_-]{20}",
    "a Slack token": rb"xox[abpr]-\d{10,13}-[A-Za-z0-9-]{20,120}",
    "a Slack webhook": rb"hooks\.slack\.com/services/T[A-Z0-9]{8,12}/B[A-Z0-9]{8,12}/[A-Za-z0-9]{24}",
    "a Stripe key": rb"[rs]k_live_[A-Za-z0-9]{24,99}",
    "a Google API key": rb"AIza[A-Za-z0-9_-]{35}",
    "an OpenAI key": rb"sk-(?:proj-|svcacct-)?[A-Za-z0-9_-]{20,80}T3BlbkFJ[A-Za-z0-9_-]{20,80}",
    "an Anthropic key": rb"sk-ant-[a-z]{3,5}\d\d-[A-Za-z0-9_-]{80,110}",
    "a Hugging Face token": rb"hf_[A-Za-z]{34}",
    "a PyPI token": rb"pypi-AgEIcHlwaS5vcmc[A-Za-z0-9_-]{50,200}",
    "an npm token": rb"npm_[A-Za-z0-9]{36}",
    "a SendGrid key": rb"SG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}",
    "an Azure storage key": rb"AccountKey=[A-Za-z0-9+/]{86}==",
    "a private key": rb"-----BEGIN (?:RSA |EC |DSA |OPENSSH |ENCRYPTED )?PRIVATE KEY-----\s{1,4}[A-Za-z0-9+/=]{60,80}",
}
"""What is found, and the form that tells it."""

BEGINNINGS = {
    "an AWS access key": (b"AKIA", b"ASIA"),
    "a GitHub token": (b"ghp_", b"gho_", b"ghu_", b"ghs_", b"ghr_", b"github_pat_"),
    "a GitLab token": (b"glpat-",),
    "a Slack token": (b"xox",),
    "a Slack webhook": (b"hooks.slack.com",),
    "a Stripe key": (b"rk_live_", b"sk_live_"),
    "a Google API key": (b"AIza",),
    "an OpenAI key": (b"sk-",),
    "an Anthropic key": (b"sk-ant-",),
    "a Hugging Face token": (b"hf_",),
    "a PyPI token": (b"pypi-Ag",),
    "an npm token": (b"npm_",),
    "a SendGrid key": (b"SG.",),
    "an Azure storage key": (b"AccountKey=",),
    "a private key": (b"-----BEGIN ",),
}
"""How each form begins: a plain search for these is fast, whatever the file holds."""

TOKENS = {kind: re.compile(b"(?:" + form + rb")(?![A-Za-z0-9])") for kind, form in FORMATS.items()}
NAME = re.compile(
    rb"(?:api_?key|api-key|secret|secret_?key|access_?key|token|password|passwd)[\"']?[ \t]{0,4}[=:][ \t]{0,4}"
    rb"([\"']?)([A-Za-z0-9+/=_-]{24,200})\1(?=[\s,;})]|$)",
    re.IGNORECASE,
)
PLACEHOLDER = re.compile(
    rb"example|placeholder|change|your|xxxx|dummy|fake|sample|secret|token|password|redacted|123456|abcdef|test",
    re.IGNORECASE,
)
OBVIOUS = re.compile(rb"example|placeholder|xxxx|0{8}|1234567890|abcdefghij", re.IGNORECASE)
HEX = re.compile(rb"[0-9a-f]{32,64}|[0-9A-F]{32,64}")
LONGEST_LINE = 2_000
LEAST_DIFFERENT = 10
LEAST_ENTROPY = 4.0
"""Bits per character of an assigned value; random base64 of 40 characters has about 4.8."""
LEAST_HEX_ENTROPY = 3.2
"""The same of hexadecimal; 32 random digits have about 3.6."""
MOST = 100
MOST_TRIES = 10_000


def secrets_in(content: bytes) -> Iterator[Secret]:
    """Yield the secrets of a file in order of line, at most one a line and MOST in all; nothing for binary content.

    >>> [secret.kind for secret in secrets_in(b"key = 'AKIA" + b"QX7ZP3LM5VTR2WNB'")]
    ['an AWS access key']
    """
    if b"\0" in content[:8_000]:
        return
    found = {line: Secret(line=line, kind=kind, has_form=True) for line, kind in _tokens(content)}
    for line in _assigned(content):
        found.setdefault(line, Secret(line=line, kind="a random value under a secret's name", has_form=False))
    yield from (found[line] for line in sorted(found)[:MOST])


def _tokens(content: bytes) -> Iterator[tuple[int, str]]:
    for kind, beginnings in BEGINNINGS.items():
        places = (place for beginning in beginnings for place in _places(content, beginning))
        for place in itertools.islice(places, MOST_TRIES):
            before = content[place - 1 : place]
            match = None if before.isalnum() or before == b"_" else TOKENS[kind].match(content, place)
            if match and len(set(match[0])) >= LEAST_DIFFERENT and not OBVIOUS.search(match[0]):
                yield content.count(b"\n", 0, place) + 1, kind
                break  # one of a kind names the file


def _places(content: bytes, beginning: bytes) -> Iterator[int]:
    place = content.find(beginning)
    while place >= 0:
        yield place
        place = content.find(beginning, place + 1)


def _assigned(content: bytes) -> Iterator[int]:
    found = 0
    for number, line in enumerate(content.split(b"\n"), start=1):
        if found < MOST and len(line) <= LONGEST_LINE and (b"=" in line or b":" in line):
            match = NAME.search(line)
            if match and _is_random(match[2]):
                found += 1
                yield number


def _is_random(value: bytes) -> bool:
    digits = sum(byte in b"0123456789" for byte in value)
    if PLACEHOLDER.search(value) or digits < 3:
        return False
    if HEX.fullmatch(value):
        return digits < len(value) and _entropy(value) >= LEAST_HEX_ENTROPY
    is_mixed = value.upper() != value and value.lower() != value
    return is_mixed and _entropy(value) >= LEAST_ENTROPY


def _entropy(value: bytes) -> float:
    return -sum(n / len(value) * math.log2(n / len(value)) for n in Counter(value).values())
