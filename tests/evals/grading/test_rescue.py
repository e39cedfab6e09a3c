"""Which planted leaks are named, and what became of them: by rows and programs as candidates write them."""

import re
from collections.abc import Mapping

import pytest
from tests.evals import rescues
from tests.evals.rescues import FITTED, FOUND, LEAKS, findings, mended

from heldout.core.repository import Repository
from heldout.core.rescue_evidence import MOST_PLACES, Rescue
from heldout.evals.grading.rescue_facts import facts_of
from heldout.evals.grading.rescue_judging import judged
from heldout.evals.planted import Key, read_key
from heldout.evals.submission import read_submission
from heldout.evals.talk.findings import read_findings

FIT, DERIVED, LATE, DEALT = LEAKS
DAYS = '''"""Holds out a quarter of the days."""
import random


def split(times):
    days = sorted({str(one)[:10] for one in times})
    random.Random(0).shuffle(days)
    held = set(days[: len(days) // 4])
    late = [str(one)[:10] in held for one in times]
    return [place for place, one in enumerate(late) if not one], [place for place, one in enumerate(late) if one]
'''
SCIKIT = """
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.preprocessing import StandardScaler

table = pd.read_parquet("/data/train.parquet").sort_values("when")
cut = int(len(table) * 0.75)
train, test = table.iloc[:cut], table.iloc[cut:]
scaler = StandardScaler().fit(train[["x"]])
model = LogisticRegression().fit(scaler.transform(train[["x"]]), train["y"])
print(roc_auc_score(test["y"], model.predict_proba(scaler.transform(test[["x"]]))[:, 1]))
"""


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Key:
    made = rescues.write(tmp_path_factory.mktemp("rescue"))
    assert made.folder is not None, made.refused
    return read_key(made.folder / "answers" / "planted.json")


@pytest.fixture
def project(key: Key) -> dict[str, str]:
    return dict(key.project)


def repository(files: Mapping[str, str]) -> Repository:
    content = {path: text.encode() for path, text in sorted(files.items())}
    submission = read_submission(content["submission.toml"], frozenset(content)).model_dump()
    return Repository(commit="", files=content, submission=submission)


def judge(key: Key, files: Mapping[str, str], text: str | None = None) -> tuple[Rescue, dict[str, str]]:
    """Return the counts, and the fate of each leak by its kind."""
    rows = None if text is None else read_findings(text.encode()).faults
    rescue, told = judged(key, facts_of(repository(key.project)), rows, facts_of(repository(files)))
    return rescue, {leak.kind: said["fate"] for leak, said in zip(key.leaks, told["leaks"], strict=True)}


def places(key: Key) -> list[tuple[str, int]]:
    return [(leak.file, leak.line) for leak in key.leaks]


def test_four_leaks_are_planted_and_the_project_has_them_all(key: Key, project: dict[str, str]) -> None:
    assert tuple(leak.kind for leak in key.leaks) == LEAKS
    rescue, fates = judge(key, project)
    assert fates == dict.fromkeys(LEAKS, "left")
    assert (rescue.left, rescue.named) == (4, None)


def test_all_that_is_mended_is_told(key: Key, project: dict[str, str]) -> None:
    _, fates = judge(key, mended(project))
    assert fates == dict.fromkeys(LEAKS, "mended")


def only(project: dict[str, str], *names: str) -> dict[str, str]:
    """Take these files of the mended project alone."""
    return project | {name: mended(project)[name] for name in names}


def swapped(project: dict[str, str], file: str, old: str, new: str) -> dict[str, str]:
    assert old in project[file], old
    return project | {file: project[file].replace(old, new)}


def test_a_leak_whose_code_is_written_otherwise_is_left_or_unknown_and_never_mended(
    key: Key, project: dict[str, str]
) -> None:
    other = {
        "renamed variables": swapped(project, "train.py", "scaler", "preparation"),
        "moved into a package's helper": swapped(
            project,
            "train.py",
            FOUND,
            FOUND.replace("(table)\n", "(dict(table))\n").replace("train, test", "a, b") + "    train, test = a, b\n",
        ),
        "split first, fitted on all the same": swapped(
            project,
            "train.py",
            FOUND,
            "    train, test = split.split(len(labels), SEED)\n" + "".join(FOUND.splitlines(keepends=True)[:2]),
        ),
        "comments and blank lines": {
            name: text.replace("\n\n\n", "\n\n\n# seen\n\n") for name, text in project.items()
        },
    }
    for what, files in other.items():
        _, fates = judge(key, files)
        assert "mended" not in fates.values(), what


def test_what_was_mended_is_not_called_left_because_its_old_code_stands_unused(
    key: Key, project: dict[str, str]
) -> None:
    old = project["split.py"].partition("TEST_SHARE = 0.25\n")[2]
    files = mended(project)
    files["split.py"] += old.replace("def split", "def old_split").replace(
        "random.Random", "__import__('random').Random"
    )
    _, fates = judge(key, files)
    assert fates[DEALT] != "left"


def test_groups_dealt_by_chance_are_no_leak_that_is_left(key: Key, project: dict[str, str]) -> None:
    files = mended(project)
    files["split.py"] = DAYS
    _, fates = judge(key, files)
    assert fates[DEALT] == "unknown"


def test_means_of_other_rows_are_unknown_and_not_left(key: Key, project: dict[str, str]) -> None:
    """Out of fold: the planted statement stays, since predictions need it."""
    more = FITTED + "    scaler.fold_rates = [scaler.rates for _ in range(5)]\n"
    files = mended(project) | {
        "features.py": project["features.py"].replace("*TEXTS, TARGET]", "*TEXTS, 'when', TARGET]")
    }
    files["train.py"] = files["train.py"].replace(FITTED, more)
    _, fates = judge(key, files)
    assert fates[DERIVED] == "unknown"


def test_a_rewrite_with_scikit_learn_is_judged_by_the_data_flow(key: Key, project: dict[str, str]) -> None:
    leaky = SCIKIT.replace("scaler = StandardScaler().fit(train[", "scaler = StandardScaler().fit(table[")
    rest = {"predict.py": "print()\n", "submission.toml": mended(project)["submission.toml"], "requirements.lock": ""}
    _, fates = judge(key, {"train.py": SCIKIT, **rest})
    assert fates == dict.fromkeys(LEAKS, "mended")
    _, fates = judge(key, {"train.py": leaky, **rest})
    assert fates[FIT] == "left"


def test_what_cannot_be_read_is_unknown(key: Key, project: dict[str, str]) -> None:
    rescue, _ = judge(key, mended(project) | {"train.py": "def broken(:\n"})
    assert rescue.unknown == 4


def test_rows_at_the_places_name_the_leaks(key: Key, project: dict[str, str]) -> None:
    rescue, _ = judge(key, project, findings(*places(key)))
    assert (rescue.named, rescue.rows, rescue.others) == (4, 4, 0)


def test_rows_a_few_lines_away_name_them_and_further_ones_do_not(key: Key, project: dict[str, str]) -> None:
    (leak,) = [one for one in key.leaks if one.kind == DEALT]
    last = max(place.last for place in leak.places if place.file == "split.py")
    assert judge(key, project, findings(("split.py", last + 2)))[0].named == 1
    rescue, _ = judge(key, project, findings(("split.py", last + 3)))
    assert (rescue.named, rescue.others) == (0, 1)


def test_functions_name_what_they_hold(key: Key, project: dict[str, str]) -> None:
    rescue, _ = judge(
        key, project, findings(("features.py", "Scaler.fit"), ("train.py", "main()"), ("model.py", "`fit`"))
    )
    assert (rescue.named, rescue.others) == (2, 1)


def test_lines_of_a_mended_file_are_mapped_back(key: Key, project: dict[str, str]) -> None:
    files = mended(project)
    files["features.py"] = "# why\n" * 30 + files["features.py"]
    here = 1 + next(n for n, text in enumerate(files["features.py"].splitlines()) if "self.rates[name] = {" in text)
    assert judge(key, files, findings(("features.py", here)))[0].named == 1
    assert judge(key, project, findings(("features.py", here)))[0].named == 0


def test_two_rows_for_one_leak_name_one_and_neither_is_beside_it(key: Key, project: dict[str, str]) -> None:
    file, line = places(key)[0]
    rescue, _ = judge(key, project, findings((file, line), (file, line + 1)))
    assert (rescue.named, rescue.others) == (1, 0)


def test_a_row_names_the_leak_that_it_is_nearest_to(key: Key, project: dict[str, str]) -> None:
    """The lists of numbers and of texts stand below each other."""
    (late,) = [leak for leak in key.leaks if leak.kind == LATE]
    below = [("features.py", late.line + 1), ("features.py", late.line + 1)]
    assert judge(key, project, findings(*below))[0].named == 1
    assert judge(key, project, findings(below[0], ("features.py", late.line)))[0].named == 2


def test_a_list_of_every_line_names_nothing(key: Key, project: dict[str, str]) -> None:
    every = [
        (name, n + 1) for name, text in project.items() if name.endswith(".py") for n in range(len(text.splitlines()))
    ]
    rescue, _ = judge(key, project, findings(*every))
    assert rescue.named is None
    assert f"a list of more than {MOST_PLACES} names nothing" in rescue.uncounted
    assert rescue.others > 0.7 * len(every)


@pytest.mark.parametrize(
    ("text", "why"), [(None, "there is no FINDINGS.md"), (findings(), "no row with a file and a line")]
)
def test_nothing_to_count_is_said_and_is_not_zero(
    key: Key, project: dict[str, str], text: str | None, why: str
) -> None:
    rescue, _ = judge(key, project, text)
    assert rescue.named is None
    assert why in rescue.uncounted


def test_a_row_without_a_place_is_counted_apart(key: Key, project: dict[str, str]) -> None:
    rescue, _ = judge(key, project, findings(("train.py", "everywhere"), places(key)[0]))
    assert (rescue.named, rescue.unplaced, rescue.others) == (1, 1, 0)


def test_no_name_of_a_file_leads_out_of_what_was_read(key: Key, project: dict[str, str]) -> None:
    rescue, _ = judge(key, project, findings(("../../etc/passwd", 1), ("/etc/train.py", 1), ("x" * 5_000, 3)))
    assert (rescue.named, rescue.others) == (0, 3)
    assert not re.search("passwd", rescue.uncounted)
