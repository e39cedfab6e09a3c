"""Where a count is one, claims say so in the singular."""

import pytest

from heldout.core.collaboration_evidence import CommitFacts, History, PastFile
from heldout.core.evidence import Availability
from heldout.core.plural import how_many
from heldout.core.repository import Repository
from heldout.engine import catalog, run

COMMANDS = {phase: {"command": ["python", f"{phase}.py"]} for phase in ("train", "predict")}


def claim(code: str, **evidence: object) -> str:
    (check,) = [check for check in catalog() if check.code == code]
    (finding,) = run([check], evidence)
    return finding.answer.claim


def files(**texts: str) -> Repository:
    content = {f"{name}.py": text.encode() for name, text in texts.items()}
    return Repository(commit="", files=content, submission=COMMANDS)


SHARED = "def encode(table):\n    return [row['x'] for row in table]\n"
PAST = PastFile(path="a.py", commit="c", content=b"x = 1\n", is_current=True)
HISTORY = History(
    commits=(CommitFacts(commit="c", stated=None, received=None, new_files=1, new_bytes=5),), files=(PAST,)
)


@pytest.mark.parametrize(
    ("code", "evidence", "said"),
    [
        (
            "ARC004",
            {"repository": files(train="import both", predict="import both", both=SHARED)},
            "share 1 module, such",
        ),
        (
            "REP006",
            {"repository": files(train="import random\nrandom.seed(1)\nrandom.Random(3)\n")},
            "The 1 call that draws has a seed",
        ),
        ("COL004", {"history": HISTORY}, "in 1 content of 1 commit."),
        ("COL005", {"history": HISTORY}, "has 1 commit;"),
        (
            "LEK003",
            {"availability": Availability(known=frozenset("x"), used=("x",), said_by="the brief")},
            "The 1 column that is used is known",
        ),
    ],
)
def test_one_is_said_in_the_singular(code: str, evidence: dict[str, object], said: str) -> None:
    assert said in claim(code, **evidence)


def test_a_word_may_have_a_plural_of_its_own() -> None:
    assert [how_many(n, "call") for n in (0, 1, 2, 12_000)] == ["0 calls", "1 call", "2 calls", "12,000 calls"]
    assert [how_many(n, "entry", "entries") for n in (1, 3)] == ["1 entry", "3 entries"]
