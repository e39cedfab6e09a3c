"""The notice for candidates: what is automated in an eval, what a person decides, in plain sentences."""

from collections import Counter
from dataclasses import dataclass

from heldout.evals.brief import Brief
from heldout.evals.grading.audit import asked_checks
from heldout.report.markdown_findings import escape

__all__ = ["Facts", "Notice", "Part", "notice", "notice_markdown", "notice_text"]

NOT_ADVICE = (
    "This text says what the software does and what the organiser told it. It is not legal advice, and it does not "
    "replace a notice that the law where you are may ask for."
)
KINDS = {
    "lift": "You build a model. It is compared with a simple one, the baseline, on rows that neither has seen.",
    "drift": "You build a model and a detector of drift. The model is compared with a simple one, the baseline, on "
    "rows that neither has seen; the detector is tried on clean days and on days that were changed on purpose.",
    "rescue": "You get a project whose score is not to be trusted, find out why, and mend it. The mended project is "
    "compared with a simple model, the baseline, on rows that neither has seen.",
}
LATE = {
    "graded": "What comes later is graded too, with the delay on the card, and a person weighs it.",
    "refused": "What comes later is not graded.",
}
AI_USE = {
    "allowed": "You may use AI tools, and need not say so.",
    "disclosed": "You may use AI tools; say which, and for what.",
    "forbidden": "You agree not to use AI tools. No software checks that: nothing in an eval looks for traces of them.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is in force beside the brief; what is not known yet stays empty, and the notice then speaks in general.

    `isolation` says how programs are kept apart on the grader's machine. `hours` and `waking` are those that were
    agreed with one candidate, `raters` how many people were let in to rate.
    """

    isolation: str = ""
    hours: float | None = None
    waking: str = ""
    raters: int | None = None
    has_committee: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A heading and its paragraphs."""

    heading: str
    says: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """The notice of one eval, in its parts."""

    title: str
    parts: tuple[Part, ...]


def notice(brief: Brief, facts: Facts | None = None) -> Notice:
    """Return the notice of an eval from its brief and from what is in force."""
    facts = facts or Facts()
    parts = (
        Part(heading="What you do", says=_task(brief, facts)),
        Part(heading="What is automated", says=_automated(brief, facts)),
        Part(heading="What a person decides", says=_decided(brief, facts)),
        Part(heading="What is stored, and for how long", says=_stored(brief)),
        Part(heading="What you can ask for", says=_rights()),
        Part(heading="What this text is", says=(NOT_ADVICE,)),
    )
    return Notice(title=" ".join(brief.eval.title.split()), parts=parts)


def notice_markdown(made: Notice) -> str:
    """Return the notice as Markdown."""
    parts = [f"# {escape(made.title)}: what is automated here, what a person decides"]
    for part in made.parts:
        parts += [f"## {part.heading}", *(escape(says, 5_000) for says in part.says)]
    return "\n\n".join(parts) + "\n"


def notice_text(made: Notice) -> str:
    """Return the notice as plain text."""
    parts = [f"{made.title}: what is automated here, what a person decides"]
    for part in made.parts:
        parts += [part.heading.upper(), *part.says]
    return "\n\n".join(parts) + "\n"


def _task(brief: Brief, facts: Facts) -> tuple[str, ...]:
    window, cadence = brief.window, brief.cadence
    hours = window.hours if facts.hours is None else facts.hours
    grace = f" {window.grace_minutes:g} minutes more count as in time." if window.grace_minutes else ""
    waking = facts.waking or cadence.waking
    return (
        KINDS[brief.eval.kind],
        f"You have {hours:g} hours from the opening, on the clock of the time zone that is agreed with you.{grace} "
        f"{LATE[window.late]}",
        f"An update is asked for every {cadence.hours:g} waking hours ({waking}). How many hours you worked is noted "
        "only if you say it, and is never scored.",
        f"{AI_USE[brief.eval.ai_use]}",
    )


def _automated(brief: Brief, facts: Facts) -> tuple[str, ...]:
    families = Counter(check.family for check in asked_checks(brief.eval.kind))
    named = ", ".join(f"{count} on {family}" for family, count in sorted(families.items()))
    lowest = brief.reproducibility.lowest
    said = [
        "Your program is trained and run again by a machine, several times and with other random seeds, on rows whose "
        "answers you never saw. It runs shut off from the network and within the budget of the brief. "
        + (facts.isolation or "How it was kept apart stands on your card."),
        f"The machine works out the metric of the brief, {brief.metric.name}, and the gain over the baseline, with an "
        f"interval for chance. From that gain, and from how alike two runs are (at least {lowest}), a fixed rule "
        f"proposes one of the bands {', '.join(band.value for band in brief.bands.order)}. Where the evidence does not "
        "settle it, the band is undecided.",
        f"{sum(families.values())} checks look at the work: {named}. Each answers with its evidence, such as a file "
        "and a line. A check that lacks evidence says so; that is not held against you. No check looks at who you are, "
        "and none judges a person.",
    ]
    if brief.data.feedback is not None:
        said.append("On the way, scores on other rows may be released a few times, for a new best alone.")
    return tuple(said)


def _decided(brief: Brief, facts: Facts) -> tuple[str, ...]:
    raters = {None: "People rate", 1: "One person was let in to rate"}.get(
        facts.raters, f"{facts.raters} people were let in to rate"
    )
    said = [
        "The band of the machine is a proposal. A person decides what follows, and always where it is undecided.",
        f"{raters} architecture, reproducibility, monitoring and collaboration, by levels that are described in words "
        f"and read at the level {brief.eval.level}. They see the findings as evidence, and need not follow them. They "
        "do not see when you worked, nor whether anything was accommodated.",
    ]
    if facts.has_committee:
        said.append(
            "Each rater first rates alone: nobody sees another's sheet until all are locked, and then nobody changes "
            "one. Where they differ, somebody settles it in writing, and each change keeps its author and its reason."
        )
    said.append("Whether you are invited, hired or paid is no question that this software answers.")
    return tuple(said)


def _stored(brief: Brief) -> tuple[str, ...]:
    return (
        f"{' '.join(brief.people.consent.split())}",
        "Stored are: what you push, with the time at which the server received it, and refused pushes; your updates, "
        "questions, feedback and its answers, replies; what was agreed with you about time and scope; your submission, "
        "what its runs gave, and the card. Your name need not be there: a short name or a number does.",
        f"It is to be deleted after {brief.people.retention_days} days. What stays is a chain of hashes with times, "
        "from which nothing of what you wrote can be read.",
    )


def _rights() -> tuple[str, ...]:
    return (
        "More time or other conditions: ask the organiser, before or during the eval. It costs nothing, raters do not "
        "see it, and the card does not tell of it.",
        "A narrower scope: propose it with its trade-offs. If it is accepted, what it leaves out is no lack.",
        "An answer to the card: you may reply to each line of it. A person accepts or refuses each reply with a "
        "reason. An accepted one corrects the line, both versions are shown, and what was computed from the line is "
        "computed anew. The score itself changes by grading again, not by a reply.",
        "The evidence: you may have a bundle with which every number of your card can be checked, without the answers.",
        "An explanation: ask what the result rests on; each number on the card says how it came about.",
        "Deletion: ask the organiser at any time, and what is stored about you is deleted, except for the chain of "
        "hashes. If the eval is still running, it ends with that.",
    )
