import pytest

from heldout.checks.reproducibility.dockerfile_missing_or_floating import dockerfile_missing_or_floating
from heldout.core.finding import Ending
from heldout.core.repository import Repository
from heldout.engine import run

D = "@sha256:" + "a" * 64


def asked(text, path="Dockerfile"):
    content = text if isinstance(text, bytes) else text.encode()
    return run([dockerfile_missing_or_floating], {"repository": Repository(commit="0", files={path: content})})[0]


@pytest.mark.parametrize(
    "text",
    [
        f"FROM python:3.11{D}\n",
        f"# syntax=docker/dockerfile:1\nFROM --platform=linux/amd64 python{D} AS base\nFROM base\nFROM BASE AS again\n",
        f"ARG BASE=python{D}\nFROM $BASE\n",
        f'ARG PYTHON="python" OTHER=1\nFROM ${{PYTHON}}{D}\n',
        f"FROM ${{NOT_SET:-python{D}}}\n",
        "FROM scratch\nFROM scratch AS x\nCOPY --from=0 a b\n" + f"FROM python{D}\n",
        f"FROM \\\n  # a comment between\n  python{D}\n",
        f"FROM python{D}\nRUN <<EOF\nFROM nothing:latest\nEOF\n",
        f"FROM python{D} AS a\nCOPY --chown=1 --from=a /x /x\nRUN npm run build --from=elsewhere\n",
        f"from python{D}\n",
    ],
)
def test_images_by_digest_are_clear(text):
    assert asked(text).ending is Ending.CLEAR


@pytest.mark.parametrize(
    ("text", "line", "image"),
    [
        ("FROM python:latest\n", 1, "python:latest"),
        ("FROM python\n", 1, "python"),
        ("# a\n\nFROM python:3.11-slim\n", 3, "python:3.11-slim"),
        (f"FROM python{D} AS a\nFROM node:22\n", 2, "node:22"),
        ("ARG TAG=3.11\nFROM python:${TAG}\n", 2, "python:3.11"),
        ("ARG BASE\nFROM ${BASE}\n", 2, "${BASE}"),
        (
            f"FROM python{D}\nCOPY --link --from=ghcr.io/astral-sh/uv:latest /uv /bin/\n",
            2,
            "ghcr.io/astral-sh/uv:latest",
        ),
        (f"FROM python{D}\nRUN --mount=type=bind,from=node:22,target=/x true\n", 2, "node:22"),
        ("FROM python:3.11@sha256:abc\n", 1, "python:3.11@sha256:abc"),
    ],
)
def test_an_image_by_tag_is_named_with_its_line(text, line, image):
    finding = asked(text)
    assert finding.ending is Ending.PROBLEM
    assert [(witness.line, witness.note) for witness in finding.answer.witnesses] == [(line, image)]


@pytest.mark.parametrize(
    "path", ["dockerfile", "docker/Dockerfile", "Dockerfile.gpu", "gpu.Dockerfile", "Containerfile"]
)
def test_a_dockerfile_is_found_by_its_usual_names(path):
    assert asked(f"FROM python{D}\n", path).ending is Ending.CLEAR


@pytest.mark.parametrize("path", ["docs/Dockerfile-notes.md", "Dockerfiles/readme.md", "my_dockerfile.py"])
def test_other_files_are_no_dockerfile(path):
    assert "no Dockerfile" in asked(f"FROM python{D}\n", path).answer.claim


def test_a_dockerfile_without_an_image_is_a_problem():
    assert "no base image" in asked("# later\n").answer.claim


@pytest.mark.parametrize(
    "text",
    [
        b"\xff\xfeFROM",
        b"FROM " * 100_000,
        b"FROM a \\\n" * 50_000,
        b"RUN --mount=" * 20_000,
        b"COPY --a " * 50_000,
        b"\x00" * 9,
    ],
)
def test_a_hostile_dockerfile_is_answered(text):
    finding = asked(text)
    assert finding.ending is Ending.PROBLEM
    assert finding.answer.claim.isprintable()
