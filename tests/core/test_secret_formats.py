"""Secrets by their form, and placeholders left alone: a false alarm is the worst that can happen."""

import base64
import random
import string
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heldout.core.secret_formats import BEGINNINGS, FORMATS, secrets_in

DRAW = random.Random(3)


def drawn(count: int, signs: str = string.ascii_letters + string.digits) -> str:
    return "".join(DRAW.choice(signs) for _ in range(count))


UPPER = string.ascii_uppercase + string.digits
TOKENS = {
    "an AWS access key": "AKIA" + drawn(16, string.ascii_uppercase + "234567"),
    "a GitHub token": "ghp_" + drawn(36),
    "a GitLab token": "glpat-" + drawn(20),
    "a Slack token": "xoxb-" + drawn(12, string.digits) + "-" + drawn(24),
    "a Slack webhook": f"https://hooks.slack.com/services/T{drawn(9, UPPER)}/B{drawn(9, UPPER)}/{drawn(24)}",
    "a Stripe key": "sk_live_" + drawn(24),
    "a Google API key": "AIza" + drawn(35),
    "an OpenAI key": "sk-proj-" + drawn(40) + "T3BlbkFJ" + drawn(40),
    "an Anthropic key": "sk-ant-api03-" + drawn(93),
    "a Hugging Face token": "hf_" + drawn(34, string.ascii_letters),
    "a PyPI token": "pypi-AgEIcHlwaS5vcmc" + drawn(80),
    "an npm token": "npm_" + drawn(36),
    "a SendGrid key": "SG." + drawn(22) + "." + drawn(43),
    "an Azure storage key": "AccountKey=" + drawn(86) + "==",
    "a private key": "-----BEGIN RSA PRIVATE KEY-----\n" + drawn(64),
}


@pytest.mark.parametrize("kind", FORMATS)
def test_each_form_is_found_at_its_line_in_text_and_in_quotes(kind: str) -> None:
    token = TOKENS[kind]
    for text in (f"a\nb\nlogin({token!r})\n" if "\n" not in token else f"a\nb\n{token}\n", f"a\nb\nKEY: {token}\n"):
        found = [(secret.line, secret.kind) for secret in secrets_in(text.encode()) if secret.has_form]
        assert found == [(3, kind)]
    assert set(BEGINNINGS) == set(FORMATS)


@pytest.mark.parametrize(
    "line",
    [
        "AWS_KEY = 'AKIAIOSFODNN7EXAMPLE'",
        "token: ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        "password = os.environ['DB_PASSWORD_OF_THE_SECOND_HOST']",
        "api_key: ${{ secrets.OPENAI_API_KEY_FOR_TESTS }}",
        "secret = 'your-secret-key-goes-here-1234567890'",
        "token = tokenizer.encode(text, max_length=128)",
        "tokenizer_config: 'bert-base-uncased-v2-2024-01-01-large'",
        "access_key = 'models/flights/2024-03-02/gradient_boosting'",
        "sha256: 3b18e512dba79e4c8300dd08aeb37f8e728b8dad3b18e512dba79e4c8300dd08",
        "pad_token = '<|endoftext|>'",
        "--hash=sha256:3b18e512dba79e4c8300dd08aeb37f8e728b8dad3b18e512dba79e4c8300dd08",
        "secret_santa = 'abcdefghijklmnopqrstuvwxyz0123456789'",
        "'token': 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1111'",
        "-----BEGIN PRIVATE KEY----- begins such a file",
        "disk-usage task-force risk-averse sk-learn SG. xoxo hf_model npm_config",
    ],
)
def test_what_only_looks_like_one_is_left_alone(line: str) -> None:
    assert list(secrets_in(line.encode())) == []


def test_random_values_under_the_names_of_secrets_are_found_and_others_are_not() -> None:
    value = base64.b64encode(DRAW.randbytes(30)).decode()
    digits = DRAW.randbytes(20).hex()
    for line in (f"API_KEY={value}", f'"password": "{value}",', f"db.secret: {digits}", f"hub_token = '{digits}'"):
        assert [(secret.line, secret.has_form) for secret in secrets_in(line.encode())] == [(1, False)], line
    for line in (f"image = '{value}'", f"checksum = {digits}", f"commit: {digits}"):
        assert list(secrets_in(line.encode())) == []


def test_what_is_found_never_holds_the_secret() -> None:
    text = "\n".join(TOKENS.values())
    said = repr(list(secrets_in(text.encode())))
    assert not any(token.split("_")[-1][-20:] in said for token in TOKENS.values())


def test_nothing_is_recognised_in_this_repository_but_the_tests_of_it() -> None:
    root = Path(__file__).parents[2]
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, check=True).stdout
    names = [name for name in listed.decode().split("\0") if name and (root / name).is_file()]

    found = {name: list(secrets_in((root / name).read_bytes())) for name in names}

    assert len(names) > 500
    assert {name for name, secrets in found.items() if secrets} <= {"tests/core/test_secret_formats.py"}


def test_the_worst_files_are_read() -> None:
    for piece in (b"hf_", b"sk-", b"token=", b"AKIA", b"password: ", b"SG.", b"a.", b"-----BEGIN ", b"sk-aaaa"):
        list(secrets_in(piece * (1_000_000 // len(piece))))
        list(secrets_in((piece * 300 + b"\n") * (1_000_000 // (300 * len(piece)))))


@given(st.binary(max_size=500))
def test_any_bytes_are_read_without_an_error(content: bytes) -> None:
    list(secrets_in(content))
    list(secrets_in(b"token = " + content))
