"""Work that cannot be followed: silence, history rewritten, feedback left alone, secrets, numbers that stray."""

import base64
import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from heldout.core.collaboration_evidence import (
    CommitFacts,
    Conversation,
    FeedbackGiven,
    History,
    LoggedMetric,
    PastFile,
    RefusedPush,
    Silence,
)
from heldout.core.estimate import Estimate
from heldout.core.evidence import Reported
from heldout.core.lift import Lift, LiftScale
from heldout.faults.planter import Planter, World

__all__ = ["PLANTERS"]

START = dt.datetime(2026, 3, 2, 8, 0, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
PLAIN = (
    b"import os\n\nTOKEN = os.environ['HF_TOKEN']\npassword = getpass()\n",
    b"api_key: your-api-key-goes-here-12345678\n",
    b"sha256 = 'c0ffee254729296a45a3885639ac7e10f9d54979a1b2c3d4e5f60718293a4b5c'\n",
    b"# tokens look like ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx or AKIAIOSFODNN7EXAMPLE\n",
    b"tokenizer = 'sentence-transformers/all-MiniLM-L6-v2-2024-03-02-quantised'\n",
    b"access_key = 'checkpoints/model_of_the_second_of_march_2026'\n",
    b"mean,sd\n0.123456789012345,0.987654321098765\n",
    b"-----BEGIN PRIVATE KEY----- is how such a file begins.\n",
)


def _conversation(rng: np.random.Generator, cadence: float) -> Conversation:
    """Updates that come in time, some of them only just, with long nights between them."""
    silences, at = [], START
    for _ in range(rng.integers(4, 9)):
        waking = cadence * float(rng.uniform(0.3, 0.999))
        ends = at + (waking + 10 * int(rng.integers(0, 2))) * HOUR
        silences.append(Silence(begins=at.isoformat(), ends=ends.isoformat(), waking_hours=waking))
        at = ends
    return Conversation(cadence_hours=cadence, updates=len(silences) - 1, silences=tuple(silences))


def _silent(seed: int, effect: float) -> World:
    """One time without an update has so many times the cadence in waking hours."""
    rng = np.random.default_rng(seed)
    cadence = float(rng.choice([8.0, 10.0, 12.0]))
    conversation = _conversation(rng, cadence)
    silences = list(conversation.silences)
    place = int(rng.integers(len(silences)))
    if effect:
        silences[place] = replace(silences[place], waking_hours=cadence * effect)
    return {"conversation": replace(conversation, silences=tuple(silences))}


def _refused(seed: int, effect: float) -> World:
    """So many pushes would have rewritten history."""
    rng = np.random.default_rng(seed)
    refused = tuple(
        RefusedPush(
            at=(START + float(hours) * HOUR).isoformat(),
            ref="refs/heads/main",
            why=str(rng.choice(["it would rewrite what was received", "it would delete the branch"])),
        )
        for hours in np.sort(rng.uniform(0, 60, round(effect)))
    )
    return {"conversation": replace(_conversation(rng, 12.0), refused=refused)}


def _unanswered(seed: int, effect: float) -> World:
    """Of some feedback, so many go without an answer; the clean twin answers all, also what came late."""
    rng = np.random.default_rng(seed)
    count = max(round(effect), int(rng.integers(2, 6)))
    feedback = tuple(
        FeedbackGiven(
            number=number + 1,
            given=(START + 5 * number * HOUR).isoformat(),
            answered=number >= round(effect),
            waking_hours=float(rng.uniform(13, 40)) if number < round(effect) else float(rng.uniform(1, 40)),
        )
        for number in range(count)
    )
    return {"conversation": replace(_conversation(rng, 12.0), feedback=feedback)}


def _history(rng: np.random.Generator) -> History:
    """A history of several commits, received over days, with text that mentions secrets and holds none."""
    count = int(rng.integers(5, 12))
    hours = np.sort(rng.uniform(0, 60, count))
    commits = tuple(_commit(rng, float(at), int(rng.integers(1_000, 9_000))) for at in hours)
    files = tuple(
        PastFile(
            path=f"src/part_{place}.py",
            commit=commits[place % count].commit,
            content=PLAIN[int(number)],
            is_current=bool(rng.random() < 0.7),
        )
        for place, number in enumerate(rng.permutation(len(PLAIN)))
    )
    return History(commits=commits, files=files)


def _commit(rng: np.random.Generator, hours: float, size: int) -> CommitFacts:
    at = (START + hours * HOUR).timestamp()
    digest = hashlib.sha1(rng.bytes(8), usedforsecurity=False).hexdigest()
    return CommitFacts(commit=digest, stated=round(at) - 60, received=at, new_files=3, new_bytes=size)


def _tokens(seed: int, effect: float) -> World:
    """So many files hold a token of a well-known form, some of them removed later."""
    rng = np.random.default_rng(seed)
    history = _history(rng)
    letters = "".join(rng.choice(list(LETTERS), 36))
    upper = "".join(rng.choice(list("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"), 16))
    forms = (f"AKIA{upper}", f"ghp_{letters}", f"hf_{letters[:34]}")
    return _hidden(history, rng, [f"login('{rng.choice(forms)}')\n" for _ in range(round(effect))])


def _random_values(seed: int, effect: float) -> World:
    """So many files assign a random value to a name of a secret."""
    rng = np.random.default_rng(seed)
    history = _history(rng)
    names = ("api_key", "DB_PASSWORD", "auth_token")
    lines = [f'{rng.choice(names)} = "{_random(rng)}"\n' for _ in range(round(effect))]
    return _hidden(history, rng, lines)


def _random(rng: np.random.Generator) -> str:
    if rng.random() < 0.5:
        return rng.bytes(20).hex()
    return base64.urlsafe_b64encode(rng.bytes(36)).decode()


def _hidden(history: History, rng: np.random.Generator, lines: list[str]) -> World:
    files = list(history.files)
    for line in lines:
        place = int(rng.integers(len(files)))
        content = b"import os\n\n" + line.encode()
        files.insert(place, replace(files[place], path=f"notebooks/step_{len(files)}.py", content=content))
    return {"history": replace(history, files=tuple(files))}


def _at_the_end(seed: int, effect: float) -> World:
    """A commit at the beginning, and one or two within the last hour that bring such a share of the contents.

    The clean twin brings half of them at the end, in one commit, or all of them in one night of many commits.
    """
    rng = np.random.default_rng(seed)
    conversation = _conversation(rng, 12.0)
    if not effect:
        history = _history(rng)
        last = _commit(rng, 60.5, sum(commit.new_bytes for commit in history.commits))
        many = tuple(_commit(rng, 60 + place / 20, 3_000) for place in range(8))
        commits = (*history.commits, last) if rng.random() < 0.5 else many
        return {"history": replace(history, commits=commits), "conversation": conversation}
    early = _commit(rng, 1.0, round(100_000 * (1 - effect)))
    parts = int(rng.integers(1, 3))
    late = tuple(_commit(rng, 60 + place / 4, round(100_000 * effect / parts)) for place in range(parts))
    return {"history": replace(_history(rng), commits=(early, *late)), "conversation": conversation}


def _lift(rng: np.random.Generator) -> tuple[Lift, float]:
    """Return a graded AUC with its interval, and the half-width."""
    half = float(rng.uniform(0.005, 0.03))
    value = float(rng.uniform(0.65, 0.75))
    graded = Estimate(value=value, low=value - half, high=value + half, n=5_000, method="clustered")
    lift = Lift(
        metric="roc_auc",
        scale=LiftScale.RELATIVE,
        estimate=graded,
        standard_error=half / 2,
        degrees_of_freedom=99.0,
        clusters=100,
        design_effect=1.5,
        largest_clusters_share=0.1,
        seeds=3,
        baseline_seeds=3,
        seed_variance=0.0,
        candidate=graded,
        baseline=graded,
    )
    return lift, half


def _logged_higher(seed: int, effect: float) -> World:
    """The log states a value that is so many half-widths above the graded one, or as far off as noise is."""
    rng = np.random.default_rng(seed)
    lift, half = _lift(rng)
    assert lift.candidate.value is not None
    value = lift.candidate.value + half * (effect + float(np.clip(rng.normal(0, 0.5), -1.5, 1.5)))
    conversation = _conversation(rng, 12.0)
    early = LoggedMetric(file="UPDATES.md", line=4, metric="roc_auc", value=0.99, commit="0" * 7)
    final = LoggedMetric(file="EXPERIMENTS.md", line=9, metric="ROC-AUC", value=value, commit="abcdef1")
    other = LoggedMetric(file="EXPERIMENTS.md", line=10, metric="log_loss", value=2.0, commit="abcdef1")
    told = replace(conversation, logged=(early, final, other), submitted="abcdef1" + "0" * 33)
    return {"conversation": told, "lift": lift}


def _reported_higher(seed: int, effect: float) -> World:
    """The submission reports a value that is so many half-widths above the graded one, with or without an interval."""
    rng = np.random.default_rng(seed)
    lift, half = _lift(rng)
    assert lift.candidate.value is not None
    value = lift.candidate.value + half * (effect + float(np.clip(rng.normal(0, 0.4), -1.2, 1.2)))
    has_interval = bool(rng.random() < 0.5)
    ends = (value - half, value + half) if has_interval else (None, None)
    return {"reported": Reported(metric="roc_auc", value=value, low=ends[0], high=ends[1]), "lift": lift}


PLANTERS: Mapping[str, tuple[Planter, ...]] = {
    "COL001": (Planter(fault="A long time without an update.", effect="times the cadence", build=_silent),),
    "COL002": (Planter(fault="Pushes that would rewrite history.", effect="pushes", build=_refused),),
    "COL003": (Planter(fault="Feedback without an answer.", effect="feedback", build=_unanswered),),
    "COL004": (
        Planter(fault="Tokens of a well-known form.", effect="files", build=_tokens),
        Planter(fault="Random values under the names of secrets.", effect="files", build=_random_values),
    ),
    "COL005": (Planter(fault="All of the work at the end.", effect="share of the contents", build=_at_the_end),),
    "COL006": (Planter(fault="A log that the rerun does not give.", effect="half-widths", build=_logged_higher),),
    "COL007": (Planter(fault="A score that is not graded so.", effect="half-widths", build=_reported_higher),),
}
