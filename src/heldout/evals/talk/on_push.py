"""What a push adds to the conversation: events for what is new in the files, none for what the ledger already holds."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from heldout.core.repository import Repository, shown
from heldout.evals.record.kinds import Kind
from heldout.evals.record.ledger import Event
from heldout.evals.talk import experiments, findings, questions, updates
from heldout.evals.talk.document import Message
from heldout.evals.talk.experiments import read_experiments
from heldout.evals.talk.findings import read_findings
from heldout.evals.talk.questions import Questions, read_questions
from heldout.evals.talk.updates import Update, Updates, read_updates

__all__ = ["MAX_EVENTS", "conversation_events", "file_named"]

MAX_EVENTS = 500
"""Events that one push makes at most; the next push goes on."""

SAID = ("done", "next", "assumptions", "metrics", "hours_stated")
"""The keys of an update's payload that tell whether it was changed."""

Payload = Mapping[str, Any]
Made = tuple[Kind, Payload]


def conversation_events(
    before: Repository | None,
    after: Repository,
    known: Iterable[Event],
    *,
    is_commit: Callable[[str], bool],
    is_rescue: bool = False,
) -> tuple[list[Made], list[str]]:
    """Return the events that the files of `after` add to `known` (the ledger's events), and messages for the pusher.

    The ledger alone decides what is new, so that a push that repeats, or one whose server was killed half way, adds
    nothing twice. An entry that was changed gives a new event with `replaces`, the number of the one it replaces.
    `is_commit` tells whether a commit (7 to 64 hexadecimal digits) is in the repository. Of defects in the files only
    those are said that `before` did not have; of a rescue, FINDINGS.md is among the files.
    """
    events = list(known)
    made: list[Made] = []
    messages = _new_messages(before, after, is_rescue=is_rescue)
    said = read_updates(file_named(after, updates.FILE) or b"")
    asked = read_questions(file_named(after, questions.FILE) or b"")
    for event, message in (
        *_updates(said.updates, _payloads(events, Kind.UPDATE), after.commit, is_commit),
        *_answers(said, events, after.commit),
        *_questions(asked, _payloads(events, Kind.QUESTION), after.commit),
        *_proposals(asked, events, after.commit),
    ):
        if event is not None:
            made.append(event)
        if message:
            messages.append(message)
    if len(made) > MAX_EVENTS:
        messages.append(f"{len(made) - MAX_EVENTS:,} more entries are recorded with the next push.")
    return made[:MAX_EVENTS], messages


def file_named(repository: Repository, name: str) -> bytes | None:
    """Return a file of the top folder by its name in any case, or None."""
    exact = repository.files.get(name)
    if exact is not None:
        return exact
    return next((content for path, content in repository.files.items() if path.lower() == name.lower()), None)


def _payloads(events: Iterable[Event], kind: Kind) -> list[Payload]:
    return [event.payload for event in events if event.kind is kind and event.payload is not None]


def _new_messages(before: Repository | None, after: Repository, *, is_rescue: bool) -> list[str]:
    told = _messages(before, is_rescue=is_rescue) if before is not None else ()
    old = Counter(_unplaced(message) for message in told)
    new: list[str] = []
    for message in _messages(after, is_rescue=is_rescue):
        key = _unplaced(message)
        if old[key]:
            old[key] -= 1
        else:
            new.append(str(message))
    return new


def _messages(repository: Repository, *, is_rescue: bool) -> Iterator[Message]:
    yield from read_updates(file_named(repository, updates.FILE) or b"").messages
    yield from read_questions(file_named(repository, questions.FILE) or b"").messages
    yield from read_experiments(file_named(repository, experiments.FILE) or b"").messages
    names = [updates.FILE, questions.FILE, experiments.FILE]
    if is_rescue:
        yield from read_findings(file_named(repository, findings.FILE) or b"").messages
        names.append(findings.FILE)
    for name in repository.omitted:
        if name.upper() in {file.upper() for file in names}:
            yield Message(file=name, line=None, what="the file is too large, and is not read", mend="shorten it")


def _unplaced(message: Message) -> object:
    return message.file, message.what, message.expected


def _updates(
    found: Iterable[Update], known: list[Payload], commit: str, is_commit: Callable[[str], bool]
) -> Iterator[tuple[Made | None, str]]:
    """Match updates by the time that heads them, and by what they say where that time was changed."""
    number = max((payload["number"] for payload in known), default=0)
    latest = {_key(payload): payload for payload in known}
    seen: Counter[str] = Counter()
    keyed = []
    for update in found:
        seen[update.stated_at] += 1
        keyed.append(((update.stated_at, seen[update.stated_at]), update))
    gone = {key: payload for key, payload in latest.items() if key not in {key for key, _ in keyed}}
    moved = {_content(payload): key for key, payload in gone.items()}
    for key, update in keyed:
        payload = _payload(update, key, commit, is_commit)
        old = latest.get(key)
        if old is None and _content(payload) in moved:
            old = gone.pop(moved.pop(_content(payload)))
        elif old is not None and _content(old) == _content(payload):
            continue
        number += 1
        replaced = {} if old is None else {"replaces": old["number"]}
        what = f"the update of {shown(update.stated_at)} was changed; it is recorded as {number}, replacing {{}}"
        yield (
            (Kind.UPDATE, {**payload, "number": number, **replaced}),
            _place(updates.FILE, update.line, what.format(old["number"]) if old else ""),
        )
        for metric in payload["metrics"]:
            if metric["commit"] and not metric["found"]:
                what = f"the commit {metric['commit']} of the metric {shown(metric['name'])} is not in the repository"
                yield None, _place(updates.FILE, update.line, what)
    for left in gone.values():
        what = f"the update of {shown(left['stated_at'])} is no longer there; the record keeps it"
        yield None, _place(updates.FILE, None, f"{what} as {left['number']}")


def _payload(update: Update, key: tuple[str, int], commit: str, is_commit: Callable[[str], bool]) -> dict[str, Any]:
    return {
        "commit": commit,
        "stated_at": update.stated_at,
        "place": key[1],
        "done": update.done,
        "next": update.next,
        "assumptions": update.assumptions,
        "metrics": [
            {
                "name": metric.name,
                "value": metric.value,
                "commit": metric.commit,
                "found": bool(metric.commit) and is_commit(metric.commit),
            }
            for metric in update.metrics
        ],
        "hours_stated": update.hours,
        "line": update.line,
    }


def _key(payload: Payload) -> tuple[str, int]:
    return str(payload["stated_at"]), int(payload["place"])


def _content(payload: Payload) -> str:
    said = {name: payload[name] for name in SAID}
    return repr({**said, "metrics": [(m["name"], m["value"], m["commit"]) for m in said["metrics"]]})


def _answers(said: Updates, events: list[Event], commit: str) -> Iterator[tuple[Made | None, str]]:
    given = {payload["number"] for payload in _payloads(events, Kind.FEEDBACK)}
    answered = {payload["number"]: payload["text"] for payload in _payloads(events, Kind.FEEDBACK_ANSWERED)}
    for answer in said.answers:
        if answer.number not in given:
            numbers = ", ".join(str(number) for number in sorted(given)) or "none was given yet"
            what = f"there is no feedback {answer.number}; given: {numbers}"
            yield None, _place(updates.FILE, answer.line, what)
        elif answer.text and answered.get(answer.number) != answer.text:
            replaced = {"replaces": answer.number} if answer.number in answered else {}
            answered[answer.number] = answer.text
            payload = {"number": answer.number, "text": answer.text, "commit": commit, **replaced}
            yield (Kind.FEEDBACK_ANSWERED, payload), _changed(updates.FILE, answer.line, "answer to feedback", replaced)


def _questions(asked: Questions, known: list[Payload], commit: str) -> Iterator[tuple[Made | None, str]]:
    latest = {payload["number"]: payload for payload in known}
    for question in asked.questions:
        old = latest.get(question.number)
        if old is not None and (old["text"], old["topic"]) == (question.text, question.topic):
            continue
        replaced = {} if old is None else {"replaces": question.number}
        payload = {"number": question.number, "text": question.text, "topic": question.topic, "commit": commit}
        yield (Kind.QUESTION, {**payload, **replaced}), _changed(questions.FILE, question.line, "question", replaced)


def _proposals(asked: Questions, events: list[Event], commit: str) -> Iterator[tuple[Made | None, str]]:
    latest = {payload["number"]: payload for payload in _payloads(events, Kind.RESCOPE_ASKED)}
    decided = {payload["number"] for payload in _payloads(events, Kind.RESCOPE_ANSWERED)}
    for proposal in asked.proposals:
        old = latest.get(proposal.number)
        if old is not None and (old["narrowed"], old["tradeoffs"]) == (proposal.narrowed, proposal.tradeoffs):
            continue
        replaced = {} if old is None else {"replaces": proposal.number}
        payload = {"number": proposal.number, "narrowed": proposal.narrowed, "tradeoffs": proposal.tradeoffs}
        message = _changed(questions.FILE, proposal.line, "scope proposal", replaced)
        if proposal.number in decided:
            message += "; it was decided already: write another as a proposal of its own"
        yield (Kind.RESCOPE_ASKED, {**payload, "commit": commit, **replaced}), message


def _changed(file: str, line: int, what: str, replaced: Mapping[str, int]) -> str:
    said = f"the {what} {replaced['replaces']} was changed; the record keeps both" if replaced else ""
    return _place(file, line, said)


def _place(file: str, line: int | None, what: str) -> str:
    if not what:
        return ""
    return f"{file}: {what}" if line is None else f"{file}, line {line}: {what}"
