"""Finds commands of the README that name files, modules or targets which are not there."""

import posixpath
import re

from heldout.core.check import check
from heldout.core.documents import readme
from heldout.core.estimate import Measure, counted
from heldout.core.finding import Answer, Certainty, Witness, clear, not_applicable, problem
from heldout.core.repository import Repository, shown
from heldout.core.shown_commands import Command, named_files, shown_commands

MINIMUM_EFFECT = 1
"""Commands that name what is not there."""

SHOWN = 10
"""At most this many commands are shown."""

MOST_COMMANDS = 500
"""At most this many commands are read."""

PLACEHOLDER = re.compile(r"[<>{}$*~]|\.\.\.|^/|path/to|your|^[A-Z_]+(?:\.\w+)?$")


@check("DOC002")
def readme_commands_missing(repository: Repository) -> Answer:
    """Ask whether the commands of the README name files, modules and targets that are there.

    ## Why it matters
    The README is the first thing that a stranger tries. A command that names a file which was renamed costs them the
    morning, and the trust.

    ## Example
    The README says `python train_model.py`; the file is called `train.py` since the second day.

    ## What to do
    Run the README in a fresh clone, line by line, or let a test do so.

    ## Limits
    It reads the blocks of code of the README in the top folder and runs nothing. It knows `python FILE`,
    `python -m MODULE` of the repository's own modules, `make TARGET`, `sh FILE`, `./FILE`, `pip install -r FILE` and
    `promtool check rules FILES`, and looks at no others. A file that an earlier command names may be made by it, and is
    not missed; nor is a placeholder. After `cd` both folders are looked into. Whether a command would succeed is not
    known, so a missing file is a suspicion. Up to {MOST_COMMANDS} commands are read. One suffices ({MINIMUM_EFFECT});
    at most {SHOWN} are shown.
    """
    name = readme(repository)
    if name is None or name not in repository.files:
        return not_applicable("The top folder has no README that could be read.")
    commands = [*zip(range(MOST_COMMANDS), shown_commands(repository.text(name) or ""), strict=False)]
    known, folder = frozenset((*repository.files, *repository.omitted)), ""
    missing: list[tuple[Command, str]] = []
    before: set[str] = set()
    judged = 0
    for _, command in commands:
        if command.program == "cd" and len(command.words) > 1:
            folder = posixpath.normpath(posixpath.join(folder, command.words[1]))
        for places in named_files(repository, command):
            if any(place in before or PLACEHOLDER.search(place) for place in places):
                continue
            judged += 1
            paths = {posixpath.normpath(posixpath.join(base, place)) for base in ("", folder) for place in places}
            if paths.isdisjoint(known):
                missing.append((command, places[0]))
        before |= set(command.words)
    measures = (
        Measure(
            name="names in commands that are not there",
            estimate=counted(len(missing), n=max(judged, 1)),
            unit="names",
        ),
        Measure(name="commands in the README", estimate=counted(len(commands), n=len(commands)), unit="commands"),
    )
    if missing:
        return problem(
            f"Commands of {shown(name)} name what is not in the repository: {len(missing)} of {judged} names, such as "
            f"{shown(missing[0][1], 80)}.",
            Certainty.SUSPECT,
            to_do="Run the README line by line in a fresh clone, and mend what it names.",
            measures=measures,
            witnesses=[
                Witness(kind="file", where=name, line=command.line, note=shown(" ".join(command.words)))
                for command, _ in missing[:SHOWN]
            ],
        )
    if not judged:
        return not_applicable(f"{shown(name)} shows no command whose names can be looked up.")
    return clear(f"What the commands of {shown(name)} name is there; names looked up: {judged}.", measures=measures)
