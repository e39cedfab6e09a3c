"""What a repository's documents say, section by section: README, model card, and other texts for people."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from heldout.core.estimate import Measure, counted
from heldout.core.finding import Answer, Certainty, Witness, clear, problem
from heldout.core.repository import Repository, shown

__all__ = ["Section", "document_names", "documented", "readme", "sections"]

MOST_CHARACTERS = 200_000
"""Of each document so much is read."""
MOST_DOCUMENTS = 50
SHORTEST = 5
"""Words that a section needs in order to say something."""

README = re.compile(r"readme(?:\.(?:md|markdown|rst|txt|adoc))?", re.IGNORECASE)
CARD = re.compile(
    r"(?:[^/]+/){0,2}(?:(?:model|data)[-_ ]?card|data[-_ ]?sheet)[^/]*\.(?:md|markdown|rst|txt|adoc)", re.IGNORECASE
)
DOCUMENT = re.compile(r"(?:[^/.][^/]*/){0,2}[^/]+\.(?:md|markdown|rst|adoc)", re.IGNORECASE)
NO_DOCUMENT = re.compile(
    r"(?:.*/)?(?:licen[cs]e|changelog|contributing|code_of_conduct|security|history)[^/]*", re.IGNORECASE
)
HEADING = re.compile(r" {0,3}(?:#{1,6}|={1,6})\s+(\S.{0,200})|<h[1-6][^>]{0,100}>([^<]{1,200})", re.IGNORECASE)
UNDERLINE = re.compile(r"(?:={3,}|-{3,}|~{3,})\s*")
SENTENCE = re.compile(r"(?<=[.!?])\s+|\n\s*\n|\n(?=\s*[-*|])")
PLACEHOLDER = re.compile(
    r"\b(?:todo|tbd|fixme|coming soon|more information needed|lorem ipsum|to be (?:done|added|written|decided|defined)|"
    r"(?:not|nothing)(?: was| has| have| is| are)?(?: yet)?(?: been)? "
    r"(?:stated|described|documented|considered|measured|written|specified|decided))\b|^\W*n/a\W*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of a document: its path, the line of its heading (first is 1), the heading, and what stands below it."""

    path: str
    line: int
    heading: str
    body: str

    def sentences(self) -> tuple[str, ...]:
        """Return the sentences and table rows of the body, each on one line, without placeholders ("TBD")."""
        parts = (" ".join(part.split()) for part in SENTENCE.split(self.body))
        return tuple(part for part in parts if part and not PLACEHOLDER.search(part))


def readme(repository: Repository) -> str | None:
    """Return the path of the README in the top folder, or None; it may be too large to have been read."""
    return next((path for path in sorted((*repository.files, *repository.omitted)) if README.fullmatch(path)), None)


def document_names(repository: Repository) -> tuple[str, ...]:
    """Return the paths of the documents, at most 50: README and model cards first, then other texts.

    Other texts are looked for down to two folders. Licences, change logs and rules for contributors are no documents of
    a model.
    """
    first = readme(repository)
    cards = [path for path in sorted(repository.files) if CARD.fullmatch(path)]
    others = [path for path in sorted(repository.files) if DOCUMENT.fullmatch(path) and not NO_DOCUMENT.fullmatch(path)]
    return tuple(dict.fromkeys(path for path in (first, *cards, *others) if path and path in repository.files))[
        :MOST_DOCUMENTS
    ]


def sections(repository: Repository, path: str) -> Iterator[Section]:
    """Yield the sections of a document in order, what stands above the first heading under an empty one.

    The header of a Hugging Face model card (YAML between lines of three dashes) is such a section too. Comments of code
    are no headings, and HTML comments are left out.
    """
    text = (repository.text(path) or "")[:MOST_CHARACTERS]
    text = _without_comments(text)
    heading, at, body, fenced = "", 1, list[str](), False
    for number, line in enumerate(text.splitlines(), start=1):
        fenced ^= line.lstrip().startswith(("```", "~~~"))
        found = None if fenced else HEADING.match(line)
        if found or (not fenced and UNDERLINE.fullmatch(line) and body and body[-1].strip()):
            title = (found[1] or found[2]) if found else body.pop()
            yield Section(path=path, line=at, heading=heading, body="\n".join(body))
            heading, at, body = title, number if found else number - 1, []
        else:
            body.append(line)
    yield Section(path=path, line=at, heading=heading, body="\n".join(body))


def _without_comments(text: str) -> str:
    """Return the text without HTML comments, each line where it was."""
    kept: list[str] = []
    while True:
        before, opened, after = text.partition("<!--")
        comment, closed, rest = after.partition("-->")
        kept.append(before if closed else before + opened + after)
        if not closed:
            return "".join(kept)
        kept.append("\n" * comment.count("\n"))
        text = rest


def documented(
    repository: Repository,
    headings: Mapping[str, tuple[str, ...]],
    sentences: Mapping[str, re.Pattern[str]],
    *,
    to_do: str,
) -> Answer:
    """Answer whether the documents speak of each topic: clear, or a suspicion that names those they lack.

    A topic is told by a section whose heading has one of its `headings` at the beginning of a word, above at least
    five words that are no placeholder; or by a sentence of README or model card in which its pattern is found.
    """
    names = document_names(repository)
    every = [section for name in names for section in sections(repository, name)]
    found = {topic: _telling(every, words, sentences[topic]) for topic, words in headings.items()}
    missing = [topic for topic, section in found.items() if section is None]
    measures = (
        Measure(name="topics that no document tells", estimate=counted(len(missing), n=len(found)), unit="topics"),
        Measure(name="documents read", estimate=counted(len(names), n=len(names)), unit="documents"),
    )
    witnesses = [
        Witness(kind="file", where=section.path, line=section.line, note=f"{topic}: {shown(section.heading, 60)}")
        for topic, section in found.items()
        if section is not None
    ]
    if missing:
        said = " or ".join(missing)
        claim = f"No section of the documents seems to say {said}; documents read: {len(names)}."
        if too_large := [path for path in repository.omitted if README.fullmatch(path) or CARD.fullmatch(path)]:
            claim = f"{shown(too_large[0])} is too large to be read, and no other document seems to say {said}."
        elif not names:
            claim = f"There is no README, model card or other document, so none says {said}."
        return problem(claim, Certainty.SUSPECT, to_do=to_do, measures=measures, witnesses=witnesses)
    return clear(f"The documents say {' and '.join(found)}.", measures=measures, witnesses=witnesses)


def _telling(every: list[Section], words: tuple[str, ...], pattern: re.Pattern[str]) -> Section | None:
    heading = re.compile("|".join(rf"\b{re.escape(word)}" for word in words), re.IGNORECASE) if words else None
    for section in every:
        said = section.sentences()
        if heading and heading.search(section.heading) and sum(len(one.split()) for one in said) >= SHORTEST:
            return section
        is_read_whole = README.fullmatch(section.path) or CARD.fullmatch(section.path)
        if is_read_whole and any(pattern.search(one[:2_000]) for one in said):
            return section
    return None
