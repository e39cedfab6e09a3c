"""A sheet that somebody edited is told by what differs, whatever else they edited with it."""

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from heldout.core.errors import BadInput
from heldout.core.walkthrough import Walkthrough
from heldout.evals.walkthrough import recompute, walkthrough
from heldout.report.json import to_json

Plain = dict[str, Any]


@pytest.fixture(scope="module")
def sheets(bundles: Mapping[str, Path]) -> dict[str, Walkthrough]:
    return {name: walkthrough(folder) for name, folder in bundles.items()}


@pytest.fixture(scope="module")
def differ(
    bundles: Mapping[str, Path], sheets: Mapping[str, Walkthrough], tmp_path_factory: pytest.TempPathFactory
) -> Callable[..., list[str]]:
    def names(edit: Callable[[Plain], object], of: str = "sound", against: str = "sound") -> list[str]:
        plain = json.loads(to_json(sheets[of]))
        edit(plain)
        path = tmp_path_factory.mktemp("forged") / "interviewer.json"
        path.write_text(json.dumps(plain))
        return [line.what for line in recompute(bundles[against], path) if not line.agrees]

    return names


def figures(plain: Plain) -> Iterator[tuple[Plain, Plain]]:
    for question in plain["questions"]:
        for figure in question["figures"]:
            if figure["estimate"]["value"] is not None:
                yield question, figure["estimate"]


def test_an_answer_that_is_said_to_take_labels_is_worked_out_all_the_same(differ: Callable[..., list[str]]) -> None:
    def edit(plain: Plain) -> None:
        plain["questions"][-1] |= {"by_labels": True, "answer": ["All is well."]}

    assert len(differ(edit, of="open", against="open")) == 1


def test_a_number_that_is_none_is_refused_and_a_huge_one_differs(differ: Callable[..., list[str]]) -> None:
    for value in (float("inf"), float("nan"), -float("inf")):
        with pytest.raises(BadInput, match="finite"):
            differ(lambda plain, value=value: next(figures(plain))[1].update(value=value))
    assert len(differ(lambda plain: next(figures(plain))[1].update(value=1e308))) == 1


def test_a_sheet_that_says_it_is_of_an_open_bundle_is_held_to_the_sealed_one(
    differ: Callable[..., list[str]], sheets: Mapping[str, Walkthrough]
) -> None:
    gone = sheets["open"].questions[-1].name

    def edit(plain: Plain) -> None:
        plain["questions"].pop()
        next(figures(plain))[1]["value"] += 1

    found = differ(edit, of="open", against="sound")
    assert len(found) == 2
    assert gone in found
    assert differ(lambda plain: None, of="open", against="sound") == [], "an open sheet that nobody touched agrees"


def test_a_changed_head_a_doubled_question_and_another_theme_are_told(differ: Callable[..., list[str]]) -> None:
    doubled: list[str] = []

    def edit(plain: Plain) -> None:
        plain |= {"submission": "bob", "eval_title": "Another"}
        plain["questions"].append(plain["questions"][0])
        plain["questions"][1]["theme"] = "other"
        doubled.extend(plain["questions"][place]["name"] for place in (1, 0))

    assert differ(edit) == ["head", *doubled]


def test_the_sheet_of_another_candidate_is_refused(differ: Callable[..., list[str]]) -> None:
    with pytest.raises(BadInput, match="another grading"):
        differ(lambda plain: None, of="leaking", against="sound")
