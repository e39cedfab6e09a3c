"""What a lock or a list of requirements says, line by line, as the strict subset that a submission may use."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["Requirement", "read_requirements"]

NAME = re.compile(r"([A-Za-z0-9](?:[A-Za-z0-9._-]{0,98}[A-Za-z0-9])?)\s*(\[[A-Za-z0-9._, -]{0,200}\])?\s*")
VERSIONS = re.compile(
    r"(?:[<>=!~]=?|===)\s*[A-Za-z0-9.*+!_-]{1,64}(?:\s*,\s*(?:[<>=!~]=?|===)\s*[A-Za-z0-9.*+!_-]{1,64})*"
)
EXACT = re.compile(r"==\s*([A-Za-z0-9.+!_-]{1,64})")
VARIABLE = (
    r"(?:python(?:_full)?_version|os_name|sys_platform|platform_(?:release|system|version|machine)|extra|"
    r"(?:platform_)?python_implementation|implementation_(?:name|version))"
)
LITERAL, WORDS = (rf"(?:'{inner}'|\"{inner}\")" for inner in (r"[\w.*+!-]{0,80}", r"[\w.*+! -]{0,80}"))
OPERATOR = r"\s*(?:[<>!=~]=|===|<|>|\bin\b|\bnot\s+in\b)\s*"
COMPARISON = re.compile(
    rf"{VARIABLE}{OPERATOR}{LITERAL}|{LITERAL}{OPERATOR}{VARIABLE}|{VARIABLE}\s*\b(?:not\s+)?in\s*{WORDS}"
)
"""One variable, and one literal. Installers say a marker that they cannot read again, and blanks are only where they
can: a literal must not be a sentence that they say of the machine."""
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
MAX_CHARACTERS = 2_000_000
MAX_MARKER = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """One line: a package with its extras, versions, marker and SHA-256 hashes, or what is wrong with the line.

    `name` is normalised (PEP 503); `versions` the specifiers without spaces ("==2.1", ">=1,<3", ""); `line` where the
    requirement starts (first is 1); `refused` says why the line is none of the allowed kind, and is empty otherwise.
    """

    line: int
    text: str
    name: str = ""
    extras: str = ""
    versions: str = ""
    marker: str = ""
    hashes: tuple[str, ...] = ()
    refused: str = ""

    @property
    def version(self) -> str | None:
        """The one exact version, or None."""
        match = EXACT.fullmatch(self.versions)
        return match[1] if match else None

    @property
    def is_pinned(self) -> bool:
        """True when one version and at least one SHA-256 hash are given."""
        return not self.refused and self.version is not None and bool(self.hashes)

    def render(self) -> str:
        """Return the requirement as one canonical line, made of nothing but what was understood."""
        marker = f" ; {self.marker}" if self.marker else ""
        return f"{self.name}{self.extras}{self.versions}{marker}" + "".join(
            f" --hash=sha256:{digest}" for digest in self.hashes
        )


def read_requirements(text: str) -> tuple[Requirement, ...]:
    """Return the requirements of a lock or requirements file, in order; comments and empty lines are no requirements.

    Allowed is `name[extras] versions ; marker --hash=sha256:...`, continued by backslashes. URLs, paths, options and
    variables are refused with a reason: which network and files are used is not the file's to say.
    """
    if len(text) > MAX_CHARACTERS:
        return (Requirement(line=1, text="", refused=f"the file has more than {MAX_CHARACTERS:,} characters"),)
    return tuple(_read(number, line) for number, line in _logical_lines(text))


def _logical_lines(text: str) -> Iterator[tuple[int, str]]:
    start, parts = 0, list[str]()
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), start=1):
        if line.lstrip().startswith("#"):
            continue
        uncommented = re.split(r"\s#", line.strip(), maxsplit=1)[0].rstrip()
        start = start if parts else number
        parts.append(uncommented.removesuffix("\\").strip())
        if not uncommented.endswith("\\"):
            if joined := " ".join(part for part in parts if part):
                yield start, joined
            parts = []
    if joined := " ".join(part for part in parts if part):
        yield start, joined


def _read(number: int, text: str) -> Requirement:
    def refused(why: str) -> Requirement:
        return Requirement(line=number, text=text[:200], refused=why)

    if text.startswith("-"):
        return refused("an option: indexes, links, editable installs and other files are not the file's to choose")
    before, *hashes = re.split(r"\s(?=--)", text)
    digests = [HASH.fullmatch(item.rstrip()) for item in hashes]
    if not all(digests):
        return refused("an option, or a hash that is not --hash=sha256: with 64 hexadecimal digits")
    if "://" in before or "@" in before:
        return refused("a URL or a direct reference")
    head, _, marker = (part.strip() for part in before.partition(";"))
    name = NAME.match(head)
    if name is None or (";" in before and not _is_marker(marker)):
        return refused("not a name with versions, a marker and hashes")
    versions = head[name.end() :].strip()
    if versions and not VERSIONS.fullmatch(versions):
        return refused("a path, or not a name with versions, a marker and hashes")
    return Requirement(
        line=number,
        text=text[:200],
        name=re.sub(r"[-_.]+", "-", name[1]).lower(),
        extras=(name[2] or "").replace(" ", ""),
        versions=re.sub(r"\s+", "", versions),
        marker=marker,
        hashes=tuple(digest[1] for digest in digests if digest),
    )


def _is_marker(text: str) -> bool:
    """Tell whether the text has the form of a marker; whether its brackets match is the installer's to say."""
    # each part by itself: one expression for all would try every way to read each of them
    parts = re.split(r"\s+(?:and|or)\s+", re.sub(r"[()]", " ", text).strip()) if len(text) <= MAX_MARKER else [""]
    return all(COMPARISON.fullmatch(part) for part in parts)
