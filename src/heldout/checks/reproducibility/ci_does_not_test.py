"""Asks whether each change is tested, on the locked environment, by somebody else's machine."""

import re

from heldout.core.check import check
from heldout.core.estimate import Measure, counted
from heldout.core.finding import Answer, Certainty, Witness, caution, clear, problem
from heldout.core.repository import shown
from heldout.core.repository_evidence import CiConfig, CiJob

TESTS = re.compile(
    r"\b(?:py\.?test|unittest|nose2|tox|nox|hatch (?:run )?test|(?:npm|go|cargo) (?:run )?test)\b"
    r"|\b(?:python3?|bash|sh) \S*tests?/\S"
)
INSTALLERS = (
    r"pip3? (?:install|sync)|pip-sync|poetry (?:install|sync)|pipenv (?:sync|install)|pdm (?:install|sync)|uv sync|"
    r"conda-lock install|(?:conda|mamba|micromamba) (?:env )?(?:create|install|update)|docker build"
)
INSTALLS = re.compile(rf"\b(?:{INSTALLERS})\b")
INSTALLS_ITS_OWN = re.compile(r"\b(?:poetry|pipenv|pdm|uv sync|uv run|conda-lock|docker build|tox|nox)\b")
FORGIVEN = re.compile(r"\|\|\s*(?:true|:|exit 0)\s*$")

PARTS = 3
"""Parts that are asked for: a job that starts by itself, runs the tests, and installs the lock for that."""

MINIMUM_EFFECT = 1
"""Missing parts."""


@check("REP005")
def ci_does_not_test(ci_config: CiConfig) -> Answer:
    """Ask whether a CI configuration installs the locked environment and runs the tests with each change.

    ## Why it matters
    "It runs on my machine" is one machine. A CI that starts from the lock shows with each commit that the
    environment can be made again and that the tests pass in it.

    ## Example
    A workflow runs `pytest || true`: it is green whatever happens.

    ## What to do
    A workflow `on: [push, pull_request]` with two commands:
    `pip install --require-hashes --requirement requirements.lock` and `python -m pytest`.

    ## Limits
    It reads GitHub workflows and .gitlab-ci.yml, and runs nothing: whether the jobs would pass is not known. Targets
    of the Makefile, scripts, local actions and templates are followed; what lies in other repositories is unknown and
    said. Installing is a command of a usual installer that names the lock of submission.toml (else a file of
    requirements), or one that has a lock of its own. A test run that is followed by `|| true`, or may fail, doesn't
    count. What is missing is a suspicion, as other systems are not read. It promises to find {MINIMUM_EFFECT} missing
    part of {PARTS}.
    """
    config = ci_config
    if not config.jobs and (config.others or config.unread):
        names = [*config.others, *(path for path, _ in config.unread)]
        return caution(f"The CI configuration was not read: {shown(names[0])}.", to_do="Look at it by hand.")
    jobs = [job for job in config.jobs if job.is_automatic]
    testing = [job for job in jobs if not job.may_fail and _tests(job)]
    locked = [job for job in testing if _installs(job, config.locks)]
    missing = sum(not found for found in (jobs, testing, locked))
    unread = [Witness(kind="file", where=path, note=f"not read: {why}") for path, why in config.unread[:3]]
    witnesses = [
        *(Witness(kind="file", where=job.path, note=f"job {shown(job.name, 60)}") for job in (locked or testing)[:3]),
        *unread,
    ]
    measures = (
        Measure(name="parts of a CI that are missing", estimate=counted(missing, n=PARTS), unit="parts"),
        Measure(name="jobs that start by themselves", estimate=counted(len(jobs), n=len(config.jobs)), unit="jobs"),
    )
    beyond = sorted({name for job in jobs for name in job.unknown if not name.startswith(("actions/", "docker/"))})
    said = f"; not looked into: {', '.join(shown(name, 40) for name in beyond[:3])}" if beyond else ""
    if missing:
        claim = (
            "No CI configuration for GitHub or GitLab was found"
            if not config.jobs
            else "No CI job starts with a push or a merge request"
            if not jobs
            else f"No CI job that a push starts runs tests whose failure counts{said}"
            if not testing
            else f"No CI job that runs the tests installs from a lock{said}"
        )
        return problem(
            f"{claim}.",
            Certainty.SUSPECT,
            to_do="Add a job that each push starts, that installs the lock with its hashes and runs the tests.",
            measures=measures,
            witnesses=witnesses,
        )
    return clear(
        f"A CI job installs the lock and runs the tests with each push{said}.", measures=measures, witnesses=witnesses
    )


def _tests(job: CiJob) -> bool:
    """Tell whether a part of a command runs tests, and its failure counts; installing a test runner runs nothing."""
    parts = [part for line in job.commands if not FORGIVEN.search(line) for part in re.split(r"&&|;|\|", line)]
    return any(TESTS.search(part.split(" #")[0]) and not INSTALLS.search(part) for part in parts)


def _installs(job: CiJob, locks: tuple[str, ...]) -> bool:
    return any(
        INSTALLS_ITS_OWN.search(line) or (INSTALLS.search(line) and any(lock in line for lock in locks))
        for line in job.commands
    )
