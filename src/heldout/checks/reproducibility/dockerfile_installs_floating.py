"""Finds packages that a Dockerfile installs without a version."""

from heldout.core.check import check
from heldout.core.estimate import Measure, counted
from heldout.core.finding import Answer, Certainty, Witness, caution, clear, not_applicable, problem
from heldout.core.plural import how_many
from heldout.core.repository import shown
from heldout.core.repository_evidence import DockerfileLint

FLOATING = {
    "DL3013": "pip",
    "DL3016": "npm",
    "DL3028": "gem",
    "DL3062": "go",
    "DL3008": "apt",
    "DL3018": "apk",
    "DL3033": "yum",
    "DL3037": "zypper",
    "DL3041": "dnf",
}
"""The rules that speak of a package without a version, and what installs it."""

SYSTEM = frozenset({"apt", "apk", "yum", "zypper", "dnf"})
"""What installs the system's own packages."""

IMAGES = frozenset({"DL3006", "DL3007"})
"""The rules on the base image, which another check asks about."""

MINIMUM_EFFECT = 1
"""Instructions that install a package without a version."""

SHOWN = 10
"""At most this many warnings are shown."""


@check("REP004")
def dockerfile_installs_floating(dockerfile_lint: DockerfileLint) -> Answer:
    """Ask hadolint whether the Dockerfile installs packages without a version.

    ## Why it matters
    An image whose base is fixed by its digest is still another image next month when its build takes the newest of
    each package on top.

    ## Example
    `RUN pip install numpy` in a Dockerfile beside a lock that pins numpy: the image that serves has another numpy
    than the environment that trained.

    ## What to do
    Install Python packages from the lock alone: `pip install --require-hashes --requirement requirements.lock`. Name
    versions of system packages (`apt-get install --yes curl=7.88.1-10`), or do without them. hadolint comes with
    `pip install 'heldout[eval]'`.

    ## Limits
    It counts hadolint's warnings of these rules: {FLOATING}. That a language's package has no version is proven; of a
    system's package it is a suspicion, as distributions withdraw old versions from their mirrors and many leave them
    open for that reason. Settings and comments that silence hadolint are not obeyed. Base images ({IMAGES}) are left
    to REP003, and hadolint's other rules are counted as facts. One instruction suffices ({MINIMUM_EFFECT}); at most
    {SHOWN} are shown.
    """
    lint = dockerfile_lint
    if not lint.files:
        return not_applicable("The repository has no Dockerfile.")
    floating = [one for one in lint.warnings if one.rule in FLOATING]
    others = [one for one in lint.warnings if one.rule not in FLOATING and one.rule not in IMAGES]
    measures = (
        Measure(
            name="instructions that install without a version",
            estimate=counted(len(floating), n=len(lint.files)),
            unit="instructions",
        ),
        Measure(
            name=f"other warnings of {lint.judge}", estimate=counted(len(others), n=len(lint.files)), unit="warnings"
        ),
    )
    unread = [Witness(kind="file", where=path, note=f"not read: {why}") for path, why in lint.unread[:5]]
    said = f"; files that could not be read: {len(lint.unread)}" if lint.unread else ""
    if floating:
        by = {FLOATING[one.rule] for one in floating}
        return problem(
            f"A Dockerfile installs packages without a version, by {' and '.join(sorted(by))}: "
            f"{how_many(len(floating), 'instruction')}{said}.",
            Certainty.PROVEN if by - SYSTEM else Certainty.SUSPECT,
            to_do="Install Python packages from the lock with its hashes, and name versions of the system's packages.",
            measures=measures,
            witnesses=[
                *(
                    Witness(kind="file", where=one.path, line=one.line, note=f"{one.rule}: {shown(one.message)}")
                    for one in floating[:SHOWN]
                ),
                *unread,
            ],
        )
    if len(lint.unread) == len(lint.files):
        return caution(f"{lint.judge} could read none of {len(lint.files)} Dockerfiles.", witnesses=unread)
    return clear(f"{lint.judge} found no package without a version{said}.", measures=measures, witnesses=unread)
