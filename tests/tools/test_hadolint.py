"""Dockerfiles are read by hadolint, all alike, within limits; what it cannot read is said."""

import pytest
from tests.repositories import repository_of

from heldout.core.repository_evidence import DockerfileLint
from heldout.tools import hadolint, process

pytestmark = pytest.mark.skipif(process.find("hadolint") is None, reason="hadolint is not installed (heldout[eval])")
FLOATING = "FROM debian:12@sha256:0\nRUN apt-get update && apt-get install -y curl && pip install numpy\n"


def linted(**files: str | bytes) -> DockerfileLint:
    found = hadolint.lint(repository_of(files))
    assert found is not None
    return found


def rules(lint: DockerfileLint) -> set[str]:
    return {warning.rule for warning in lint.warnings}


def test_packages_without_a_version_are_named_with_their_line() -> None:
    found = linted(Dockerfile=FLOATING)
    assert found.judge.startswith("hadolint ")
    assert {"DL3008", "DL3013"} <= rules(found)
    assert {(warning.path, warning.line) for warning in found.warnings if warning.rule == "DL3013"} == {
        ("Dockerfile", 2)
    }


@pytest.mark.parametrize(
    ("rule", "line"),
    [
        ("DL3013", "RUN pip install numpy"),
        ("DL3016", "RUN npm install left-pad"),
        ("DL3028", "RUN gem install bundler"),
        ("DL3008", "RUN apt-get install curl"),
        ("DL3018", "RUN apk add curl"),
        ("DL3033", "RUN yum install -y curl"),
        ("DL3037", "RUN zypper install -y curl"),
        ("DL3041", "RUN dnf install -y curl"),
    ],
)
def test_this_hadolint_knows_the_rules_that_the_check_counts(rule: str, line: str) -> None:
    assert rule in rules(linted(Dockerfile=f"FROM debian:12\n{line}\n"))


def test_a_lock_is_no_floating_package() -> None:
    line = "RUN pip install --no-cache-dir --require-hashes --requirement requirements.lock"
    assert rules(linted(Dockerfile=f"FROM debian:12\nWORKDIR /a\nCOPY requirements.lock .\n{line}\n")) == set()


def test_neither_comments_nor_settings_of_the_repository_silence_it() -> None:
    files = {".hadolint.yaml": "ignored: [DL3008, DL3013]\n", "Dockerfile": f"# hadolint ignore=DL3013\n{FLOATING}"}
    assert {"DL3008", "DL3013"} <= rules(linted(**files))


def test_what_cannot_be_read_is_said() -> None:
    files = {
        "Dockerfile": "FROM debian:12\nFRUM x\n",
        "large.dockerfile": "FROM debian:12\n" + "# x\n" * 100_000,
        "a/Containerfile": b"\xff\xfe\x00" * 100,
    }
    found = linted(**files, **{f"z{number:02}/Dockerfile": "FROM debian:12\n" for number in range(20)})
    reasons = dict(found.unread)
    assert "line 2" in reasons["Dockerfile"]
    assert "more than 200,000" in reasons["large.dockerfile"]
    assert any("beyond the first 20" in why for why in reasons.values())
    assert len(found.files) == 23


def test_where_it_is_missing_there_is_no_evidence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "find", lambda _: None)
    assert hadolint.lint(repository_of({"Dockerfile": FLOATING})) is None
    assert "pip install" in hadolint.ABSENT
