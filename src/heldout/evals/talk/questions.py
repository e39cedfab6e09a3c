"""Reads QUESTIONS.md: questions by number and topic, and proposals of another scope with their trade-offs."""

import re
from dataclasses import dataclass, replace

from heldout.core.repository import shown
from heldout.evals.talk.document import Entry, Message, Notes, read_entries

__all__ = ["FILE", "TOPICS", "Proposal", "Question", "Questions", "read_questions"]

FILE = "QUESTIONS.md"
TOPICS = ("prototype-or-pipeline", "data", "metric", "scope", "other")
QUESTION = re.compile(r"q(?:uestion)?\s{0,3}#?(\d{1,6})(?!\d)[\s:.)–—-]{0,5}(.*)", re.IGNORECASE | re.ASCII)
PROPOSAL = re.compile(r"(?:re)?-?scope\s{0,3}(?:proposal)?\s{0,3}#?(\d{1,6})(?!\d).*", re.IGNORECASE | re.ASCII)
FIELDS = ("topic", "narrowed", "trade-offs")
OTHER_NAMES = {"tradeoffs": "trade-offs", "trade-off": "trade-offs", "tradeoff": "trade-offs", "narrow": "narrowed"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question: its title and text in one, and the topic, or None where none was stated."""

    number: int
    text: str
    topic: str | None
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Another scope: what would be left out or done smaller, and what that costs."""

    number: int
    narrowed: str
    tradeoffs: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Questions:
    """Everything that QUESTIONS.md says, in its order, each number once, and what can be mended in it."""

    questions: tuple[Question, ...]
    proposals: tuple[Proposal, ...]
    messages: tuple[Message, ...]


def read_questions(content: bytes) -> Questions:
    """Return what the bytes of a QUESTIONS.md say; never raises. An entry with a defect is kept as far as it goes.

    A heading without a number becomes the next question; two questions of one number become one.
    """
    notes = Notes(FILE)
    entries = read_entries(
        content,
        notes,
        starts_entry=lambda title: bool(QUESTION.fullmatch(title) or PROPOSAL.fullmatch(title)),
        fields=(*FIELDS, *OTHER_NAMES),
        one_line=("topic",),
    )
    questions, proposals = dict[int, Question](), dict[int, Proposal]()
    for entry in entries:
        if PROPOSAL.fullmatch(entry.heading):
            _propose(proposals, _proposal(entry, notes), notes)
        else:
            _ask(questions, _question(entry, max(questions, default=0) + 1, notes), notes)
    return Questions(questions=tuple(questions.values()), proposals=tuple(proposals.values()), messages=notes.all())


def _question(entry: Entry, free: int, notes: Notes) -> Question:
    found = QUESTION.fullmatch(entry.heading)
    if found is None:
        notes.add(
            entry.line,
            f"the heading {shown(entry.heading)!r} has no number; it is taken for Q{free}",
            expected="## Q1: title, or ## Scope proposal 1",
        )
    title = found[2] if found else entry.heading
    rest = [field.value for field in entry.fields if field.name != "topic"]
    text = "\n".join(part for part in (title.strip(), entry.text, *rest) if part)
    if not text:
        notes.add(entry.line, "the question is empty", expected="a title, and text below it")
    return Question(number=int(found[1]) if found else free, text=text, topic=_topic(entry, notes), line=entry.line)


def _topic(entry: Entry, notes: Notes) -> str | None:
    said = [field for field in entry.fields if field.name == "topic" and field.value]
    if not said:
        return None
    topic = "-".join(said[-1].value.lower().replace("_", " ").replace("-", " ").split())
    if topic in TOPICS:
        return topic
    notes.add(said[-1].line, f"there is no topic {shown(said[-1].value)!r}; it is other", expected=" | ".join(TOPICS))
    return "other"


def _proposal(entry: Entry, notes: Notes) -> Proposal:
    found = PROPOSAL.fullmatch(entry.heading)
    assert found is not None
    said = {"narrowed": "", "trade-offs": ""}
    for field in entry.fields:
        name = OTHER_NAMES.get(field.name, field.name)
        if name in said:
            said[name] = "\n".join(part for part in (said[name], field.value) if part)
    narrowed = said["narrowed"] or entry.text
    for name, text in (("narrowed", narrowed), ("trade-offs", said["trade-offs"])):
        if not text:
            notes.add(entry.line, f"the proposal does not say what its {name} are", expected=f"- {name}: ...")
    return Proposal(number=int(found[1]), narrowed=narrowed, tradeoffs=said["trade-offs"], line=entry.line)


def _ask(questions: dict[int, Question], question: Question, notes: Notes) -> None:
    earlier = questions.get(question.number)
    if earlier is not None:
        what = f"Q{question.number} is there twice (first in line {earlier.line}); both are recorded as one"
        notes.add(question.line, what, mend=f"make it Q{max(questions) + 1}")
        question = replace(earlier, text=f"{earlier.text}\n{question.text}", topic=question.topic or earlier.topic)
    questions[question.number] = question


def _propose(proposals: dict[int, Proposal], proposal: Proposal, notes: Notes) -> None:
    earlier = proposals.get(proposal.number)
    if earlier is not None:
        what = f"scope proposal {proposal.number} is there twice (first in line {earlier.line}); the later one counts"
        notes.add(proposal.line, what, mend=f"make it Scope proposal {max(proposals) + 1}")
    proposals[proposal.number] = proposal
