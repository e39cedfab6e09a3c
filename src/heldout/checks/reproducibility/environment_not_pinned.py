"""Finds requirements without an exact version and a hash."""

import re
from collections.abc import Mapping

from heldout.core.check import check
from heldout.core.estimate import Measure, counted
from heldout.core.finding import Answer, Certainty, Witness, clear, not_applicable, problem
from heldout.core.lock import Requirement, read_requirements
from heldout.core.repository import Repository, shown

SHOWN = 10
"""At most this many lines are shown."""

MINIMUM_EFFECT = 1
"""Requirements without an exact version and a hash."""

USUAL = re.compile(r"requirements[^/]*\.(?:lock|txt)|requirements/[^/]+\.(?:lock|txt)")
OTHER = re.compile(r"(?:poetry|uv|pdm|Pipfile)\.lock|pylock\.toml|conda-lock\.ya?ml")
NONE = ("submission.toml names no lock file.", "There is neither a submission.toml nor a file of requirements.")

TO_DO = "Lock the environment: uv pip compile --generate-hashes requirements.in -o requirements.lock."


@check("REP002")
def environment_not_pinned(repository: Repository) -> Answer:
    """Find requirements that name no exact version, or no SHA-256 hash.

    ## Why it matters
    Without versions the program runs on other packages next month than today. Without hashes, the same version may
    be another file.

    ## Example
    requirements.txt says `numpy`. The number was reported with numpy 2.4; the grader installs 2.6.

    ## What to do
    Write what you need in requirements.in, and run
    `uv pip compile --generate-hashes requirements.in -o requirements.lock`. Name that file in submission.toml.

    ## Limits
    It reads the file that submission.toml names as build.lock (without a submission.toml, the first file of
    requirements in the top folder or in requirements/), line by line, and looks nothing up: a requirement that the lock
    forgets shows when the program runs. Other locks (uv, poetry, conda) are not read. One requirement suffices
    ({MINIMUM_EFFECT}); at most {SHOWN} lines are shown.
    """
    build = (repository.submission or {}).get("build")
    name = build.get("lock") if isinstance(build, Mapping) else None
    if repository.submission is None:
        name = next((path for path in sorted(repository.files) if USUAL.fullmatch(path)), None)
        if name is None and (other := next((path for path in sorted(repository.files) if OTHER.fullmatch(path)), None)):
            return not_applicable(f"There is no submission.toml, and {shown(other)} is a lock that is not read.")
    if not isinstance(name, str) or name not in repository.files:
        files = counted(0, n=len(repository.files))
        claim = _absent(name, repository) if isinstance(name, str) else NONE[repository.submission is None]
        measures = (Measure(name="lock files", estimate=files, unit="files"),)
        return problem(claim, Certainty.PROVEN, to_do=TO_DO, measures=measures)
    requirements = read_requirements(repository.text(name) or "")
    if not requirements:
        return not_applicable(f"{shown(name)} names no package.")
    loose = [requirement for requirement in requirements if not requirement.is_pinned]
    share = counted(len(loose) / len(requirements), n=len(requirements))
    measures = (Measure(name="requirements that are not pinned", estimate=share, unit="share"),)
    if not loose:
        claim = f"Each requirement has a version and a SHA-256 hash; {shown(name)} has {len(requirements)}."
        return clear(claim, measures=measures)
    witnesses = [
        Witness(kind="file", where=name, line=requirement.line, note=_why(requirement)) for requirement in loose[:SHOWN]
    ]
    told = f"{len(loose)} of {len(requirements)}"
    claim = f"Requirements of {shown(name)} that are not pinned by version and SHA-256 hash: {told}."
    return problem(claim, Certainty.PROVEN, to_do=TO_DO, measures=measures, witnesses=witnesses)


def _absent(name: str, repository: Repository) -> str:
    why = "too large to be read" if name in repository.omitted else "not in the repository"
    return f"The lock file {shown(name)} is {why}."


def _why(requirement: Requirement) -> str:
    if requirement.refused:
        return requirement.refused
    missing = [] if requirement.version else ["no exact version"]
    missing += [] if requirement.hashes else ["no SHA-256 hash"]
    return f"{requirement.name}: {' and '.join(missing)}"
