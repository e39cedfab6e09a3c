"""Asks whether the README says how to train, how to predict, and what was assumed."""

import re
from collections.abc import Iterator

from heldout.core.check import check
from heldout.core.documents import readme, sections
from heldout.core.estimate import Measure, counted
from heldout.core.finding import Answer, Certainty, Witness, caution, clear, problem
from heldout.core.repository import Repository

TOPICS = {
    "how to train": ("train", "fit", "retrain", "reproduce"),
    "how to predict": ("predict", "infer", "serv"),
    "what was assumed": ("assum", "limit", "caveat", "trade-off", "tradeoff"),
}
"""The topics, and how the words that tell them begin."""

SHORTEST = 5
"""Words that a section needs in order to say something."""

MINIMUM_EFFECT = 1
"""Topics that the README lacks."""


@check("DOC001")
def readme_lacks_how(repository: Repository) -> Answer:
    """Ask whether the README says how to train, how to predict, and what was assumed.

    ## Why it matters
    Whoever takes the model over in a year has only what is written. What was assumed tells them when to stop
    believing it.

    ## Example
    A README that is one line: "see solution.ipynb".

    ## What to do
    Three short sections: the command that trains and what it reads and writes; the same for predicting; what was
    assumed about the data, and what was left out.

    ## Limits
    A topic is there when a heading has a word that begins with one of {TOPICS}, above at least {SHORTEST} words; or
    when the README quotes the command of submission.toml (train, predict); or when a sentence has a word that begins
    with assum. It does not judge what is written, and reads only a README in the top folder, in English. So a
    missing topic is a suspicion; a README that is missing or empty is proven. One topic suffices ({MINIMUM_EFFECT}).
    """
    name = readme(repository)
    text = (repository.text(name) or "").strip() if name else ""
    topics = set(_topics(repository, name, text)) if name else set()
    missing = [topic for topic in TOPICS if topic not in topics]
    measures = (
        Measure(name="topics that the README lacks", estimate=counted(len(missing), n=len(TOPICS)), unit="topics"),
    )
    to_do = f"Add to the README: {', '.join(missing)}."
    witnesses = [Witness(kind="file", where=name)] if name else []
    if not text:
        if name in repository.omitted:
            return caution(f"{name} is too large to be read.", measures=measures, witnesses=witnesses)
        claim = "The README is empty." if name else "The top folder has no README."
        return problem(claim, Certainty.PROVEN, to_do=to_do, measures=measures, witnesses=witnesses)
    if missing:
        claim = f"The README does not seem to say {', '.join(missing)}."
        return problem(claim, Certainty.SUSPECT, to_do=to_do, measures=measures, witnesses=witnesses)
    claim = "The README says how to train, how to predict, and what was assumed."
    return clear(claim, measures=measures, witnesses=witnesses)


def _topics(repository: Repository, name: str, text: str) -> Iterator[str]:
    for section in sections(repository, name):
        words = re.findall(r"[\w-]+", section.heading.lower())
        for topic, beginnings in TOPICS.items():
            if any(word.startswith(beginnings) for word in words) and len(section.body.split()) >= SHORTEST:
                yield topic
    if re.search(r"\bassum(?:e|ing|ption)", text, re.IGNORECASE):
        yield "what was assumed"
    for phase in ("train", "predict"):
        argv = repository.command(phase)
        program = " ".join(argv[1:] or argv)
        if program and program in " ".join(text.split()):
            yield f"how to {phase}"
