"""Finds tokens and keys in any file of any commit, also in those that were removed later."""

from heldout.core.check import check
from heldout.core.collaboration_evidence import History, PastFile
from heldout.core.estimate import Measure, counted
from heldout.core.finding import Answer, Certainty, Witness, caution, clear, not_applicable, problem
from heldout.core.plural import how_many
from heldout.core.repository import shown
from heldout.core.secret_formats import FORMATS, Secret, secrets_in

KINDS = tuple(FORMATS)
"""The forms of tokens that are known."""

PRACTICE = ("test", "tests", "fixture", "fixtures", "example", "examples", "docs", "doc", "sample", "samples", "mock")
"""Folders and beginnings of names under which a token is more likely made up."""

HASHES = (".lock", "lock.json", "lock.yaml", ".sum", ".ipynb", ".svg", ".min.js", ".map", ".csv")
"""Ends of names of files whose random values are hashes and data: there only tokens with a form of their own count."""

MINIMUM_EFFECT = 1
"""Secrets in the history."""

SHOWN = 20
"""At most this many are shown."""


@check("COL004")
def secrets_in_history(history: History) -> Answer:
    """Find tokens and keys in any file of any commit, also where a later commit removed them.

    ## Why it matters
    Whoever can read the repository can use the key, and a commit that removes it leaves it in the commit before.

    ## Example
    A token of a model hub stands in a notebook of the second commit; the third removes it.

    ## What to do
    Revoke the key where it was issued, now; that alone helps. Then keep keys in the environment, not in files.

    ## Limits
    `strong` is what has the form of a known token: {KINDS}. `suspect` is a random value assigned to a name such as
    token or password, or a token under a name that begins like {PRACTICE}. Values in files that end in {HASHES} are
    not asked for their randomness. It cannot know whether a key is valid, or made up. Other secrets are missed, and
    so are encoded or encrypted ones. The secret itself is never shown: file, line and commit are. What was too large
    or too much to be read is said. One suffices ({MINIMUM_EFFECT}); {SHOWN} are shown at most.
    """
    if not history.files:
        return not_applicable("No file of the history was read.")
    found = [(file, secret) for file in history.files for secret in secrets_in(file.content) if _counts(file, secret)]
    sure = [(file, secret) for file, secret in found if secret.has_form and not _is_practice(file.path)]
    n = len(history.files)
    measures = (
        Measure(name="secrets with a known form", estimate=counted(len(sure), n=n), unit="secrets"),
        Measure(name="other values that look secret", estimate=counted(len(found) - len(sure), n=n), unit="values"),
    )
    left = f" Left out: {' '.join(history.omitted)}" if history.omitted else ""
    if not found:
        where = f"{how_many(n, 'content')} of {how_many(len(history.commits), 'commit')}"
        claim = f"No secret was recognised in {where}."
        return caution(f"{claim}{left}"[:390], measures=measures) if left else clear(claim, measures=measures)
    ranked = [*sure, *(one for one in found if one not in sure)]
    witnesses = [
        Witness(kind="file", where=shown(file.path, 200), line=secret.line, note=_note(file, secret))
        for file, secret in ranked[:SHOWN]
    ]
    what = sorted({secret.kind for _, secret in ranked[:SHOWN]})
    claim = f"The history holds what looks like {', '.join(what)}: {len(found)} in {how_many(n, 'content')}.{left}"
    return problem(
        claim if len(claim) < 395 else f"{claim[:390]}...",
        Certainty.STRONG if sure else Certainty.SUSPECT,
        to_do="Revoke them where they were issued, and read them from the environment; ask before anything else.",
        measures=measures,
        witnesses=witnesses,
    )


def _counts(file: PastFile, secret: Secret) -> bool:
    return secret.has_form or not file.path.lower().endswith(HASHES)


def _is_practice(path: str) -> bool:
    return any(part.startswith(PRACTICE) for part in path.lower().split("/"))


def _note(file: PastFile, secret: Secret) -> str:
    where = "still in the last commit" if file.is_current else "no longer in the last commit"
    return f"{secret.kind}, commit {file.commit[:12]}, {where}"
