"""Finds a repository without a Dockerfile, and base images that may be others tomorrow."""

import re
from collections.abc import Iterator

from heldout.core.check import check
from heldout.core.dockerfiles import dockerfiles
from heldout.core.estimate import Measure, counted
from heldout.core.finding import Answer, Certainty, Witness, clear, problem
from heldout.core.repository import Repository, shown

MINIMUM_EFFECT = 1
"""Dockerfiles missing, or base images without a digest."""

SHOWN = 10
"""At most this many images are shown."""

ARGUMENT = re.compile(r"\b(\w+)=(\S*)")
FROM = re.compile(r"FROM\s+(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?", re.IGNORECASE)
COPY = re.compile(r"COPY\s+(?:--\S+\s+)*?--from=(\S+)|RUN\s+(?:--\S+\s+)*?--mount=\S*?\bfrom=([^\s,]+)", re.IGNORECASE)
VARIABLE = re.compile(r"\$\{(\w+)(?::?[-+]([^}]{0,300}))?\}|\$(\w+)")
HEREDOC = re.compile(r"<<-?[\"']?(\w+)")
DIGEST = re.compile(r"@sha(?:256:[0-9a-f]{64}|512:[0-9a-f]{128})$")


@check("REP003")
def dockerfile_missing_or_floating(repository: Repository) -> Answer:
    """Find a missing Dockerfile, or a base image that is named by a tag alone.

    ## Why it matters
    Packages are half of an environment; the system below them is the other half. A tag is moved by whoever owns it:
    the same Dockerfile builds something else next month.

    ## Example
    `FROM python:latest` was Python 3.13 when the model was trained, and is 3.14 when it is served.

    ## What to do
    Name the digest beside the tag: `FROM python:3.11-slim@sha256:...`. `docker buildx imagetools inspect` prints it.

    ## Limits
    It reads Dockerfile and Containerfile by their usual names and builds nothing. Arguments count with their
    defaults; an image that only a build argument names is floating. What RUN installs from the system's packages is
    not looked at. One file or image suffices ({MINIMUM_EFFECT}); at most {SHOWN} are shown.
    """
    names = dockerfiles(repository)
    if not names:
        files = counted(0, n=max(len(repository.files), 1))
        return problem(
            "The repository has no Dockerfile.",
            Certainty.PROVEN,
            to_do="Add a Dockerfile with a base image by digest, so that the program can be run elsewhere.",
            measures=(Measure(name="Dockerfiles", estimate=files, unit="files"),),
        )
    images = [(name, line, image) for name in names for line, image in _images(repository.text(name) or "")]
    floating = [item for item in images if not DIGEST.search(item[2])]
    measures = (
        Measure(
            name="base images without a digest",
            estimate=counted(len(floating), n=max(len(images), 1)),
            unit=f"of {len(images)} images",
        ),
    )
    if not images:
        return problem(
            f"{shown(names[0])} has no base image.",
            Certainty.PROVEN,
            to_do="Begin it with FROM and an image by digest.",
            measures=measures,
            witnesses=[Witness(kind="file", where=names[0], line=1)],
        )
    if not floating:
        claim = f"Each base image is named by its digest; images: {len(images)}."
        return clear(claim, measures=measures)
    witnesses = [
        Witness(kind="file", where=name, line=line, note=shown(image)) for name, line, image in floating[:SHOWN]
    ]
    return problem(
        f"Base images without a digest: {len(floating)} of {len(images)}, such as {shown(floating[0][2])}.",
        Certainty.PROVEN,
        to_do="Name the digest beside the tag: image:tag@sha256:...",
        measures=measures,
        witnesses=witnesses,
    )


def _images(text: str) -> Iterator[tuple[int, str]]:
    arguments: dict[str, str] = {}
    stages: set[str] = {"scratch"}
    for line, instruction in _instructions(text):
        if instruction[:4].upper() == "ARG ":
            arguments.update((key, value.strip("\"'")) for key, value in ARGUMENT.findall(instruction))
        elif match := FROM.match(instruction):
            image = VARIABLE.sub(lambda found: arguments.get(found[1] or found[3]) or found[2] or found[0], match[1])
            if image.lower() not in stages:
                yield line, image
            stages.add((match[2] or "").lower())
        elif match := COPY.match(instruction):
            source = match[1] or match[2]
            if not source.isdigit() and source.lower() not in stages:
                yield line, source


def _instructions(text: str) -> Iterator[tuple[int, str]]:
    """Yield each instruction as one line with its first line's number; comments and here-documents are left out."""
    start, parts, until = 0, list[str](), ""
    for number, line in enumerate(text.splitlines(), start=1):
        stripped = line.strip()
        if until or stripped.startswith("#"):
            until = "" if stripped == until else until
            continue
        start = start if parts else number
        parts.append(stripped.rstrip("\\").strip())
        if not stripped.endswith("\\"):
            instruction = " ".join(parts)
            heredoc = HEREDOC.search(instruction)
            until, parts = (heredoc[1] if heredoc and not instruction.upper().startswith("FROM") else ""), []
            yield start, instruction
    if parts:
        yield start, " ".join(parts)
