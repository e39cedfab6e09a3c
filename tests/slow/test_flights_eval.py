"""The demo's bands, told by what the submissions do: under another seed, other names, one defect removed or planted,
and after SIGKILL in each phase. Real flights, the real sandbox."""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests.browser import chromium

from heldout.app.demo import SEED
from heldout.app.grade import grade_submission
from heldout.core.lift import Band
from heldout.demo import write_eval, write_submissions
from heldout.demo.trees import HISTORIES
from heldout.sandbox import probe
from heldout.tools.git_author import Commit, make_repository

pytestmark = pytest.mark.slow


class World:
    """The eval and the submissions; all gradings with one seed share a folder, so baselines run once."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.brief = write_eval(root / "eval")
        write_submissions(root / "submissions")

    def card(self, submission, seed=SEED, cards="cards"):
        return grade_submission(self.brief, submission, out=self.root / f"{cards}-{seed}", seed=seed).card

    def changed(self, name, path, old, new):
        """Return a submission that is `name` but for `old`, which is `new` in the file `path`."""
        tree = self.root / "changed" / name
        shutil.copytree(self.root / "submissions" / name, tree, ignore=shutil.ignore_patterns(".git"))
        text = (tree / path).read_text(encoding="utf-8")
        assert text.count(old) == 1
        (tree / path).write_text(text.replace(old, new), encoding="utf-8")
        make_repository(tree, (Commit(when="2026-09-09T09:00:00+00:00", message="All of it", paths=(".",)),))
        return tree


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    if probe().level == 0:
        pytest.skip(probe().explanation)
    return World(tmp_path_factory.mktemp("flights"))


@pytest.fixture(scope="module")
def cards(world):
    return {name: world.card(world.root / "submissions" / name) for name in HISTORIES}


def codes(card):
    return {f.code for f in card.findings if f.ending == "problem"}


def test_the_careful_one_reaches_the_target_and_the_others_fail_each_for_its_own_reason(cards):
    assert {name: card.decision.band for name, card in cards.items()} == {
        "careful": Band.TARGET,
        "leaky": Band.FAIL,
        "notebook": Band.FAIL,
    }
    assert "below 2 %" in cards["leaky"].decision.reasons[0]
    assert "reproducibility class" in cards["notebook"].decision.reasons[0]
    assert "reaches the target" in cards["notebook"].decision.reasons[-1]


def test_the_highest_lift_and_the_fastest_runs_are_the_notebooks_and_its_axes_are_the_lowest(cards):
    def cpu(card):
        own = [run.cpu_seconds for run in card.runs if run.phase.startswith(card.submission)]
        return sum(own) / len(own)

    lift = {name: card.lift.estimate.value for name, card in cards.items()}
    built = {name: sum(axis.weight * axis.score.value for axis in card.axes) for name, card in cards.items()}
    assert max(lift, key=lift.get) == "notebook"
    assert min(cards, key=lambda name: cpu(cards[name])) == "notebook"
    assert min(built, key=built.get) == "notebook"
    assert max(built, key=built.get) == "careful"


def test_the_classes_are_bitwise_for_the_seeded_and_below_tolerance_for_the_notebook(cards):
    assert cards["careful"].reproducibility == cards["leaky"].reproducibility == "bitwise"
    assert cards["notebook"].reproducibility in {"statistical", "fails"}


def test_the_gap_of_the_leaky_one_is_priced_and_its_column_named_as_proven(cards):
    card = cards["leaky"]
    assert card.reported - card.supported.value > 0.3
    prices = {price.what: price for price in card.prices}
    assert set(prices) == {"column dep_delay", "random split"}
    assert prices["column dep_delay"].certainty == "proven"
    assert prices["column dep_delay"].first_in.low > 0.15
    assert prices["column dep_delay"].last_in.low > 0.15
    assert not cards["careful"].prices


@pytest.mark.parametrize("seed", [7])
def test_the_bands_are_the_same_with_another_grader_seed_and_shuffled_names(world, cards, seed):
    names = dict(zip(HISTORIES, [*list(HISTORIES)[1:], next(iter(HISTORIES))], strict=True))
    shuffled = world.root / "shuffled"
    for name, other in names.items():
        shutil.copytree(world.root / "submissions" / name, shuffled / other)
    for name, other in names.items():
        card = world.card(shuffled / other, seed=seed)
        assert card.submission == other
        assert card.decision.band is cards[name].decision.band
        assert codes(card) == codes(cards[name])


def test_without_its_seed_handling_the_careful_one_loses_its_class(world):
    changed = world.changed("careful", "delays/model.py", "default_rng(seed)", "default_rng()")
    card = world.card(changed, cards="changed")
    assert card.reproducibility not in {"bitwise", "tolerance"}
    assert card.decision.band is Band.FAIL


def test_without_dep_delay_the_leaky_one_loses_its_problem(world, cards):
    assert "LEK003" in codes(cards["leaky"])
    card = world.card(world.changed("leaky", "submission.toml", '"dep_delay", ', ""), cards="changed")
    assert "LEK003" not in codes(card)
    assert not any("dep_delay" in price.what for price in card.prices)


def test_each_real_card_opens_in_a_browser_without_an_error_or_a_request(world, cards):
    said, asked = [], []
    with chromium() as browser:
        for name, card in cards.items():
            url = (world.root / f"cards-{SEED}" / name / "card.html").as_uri()
            page = browser.new_page()
            page.on("console", lambda message: said.append(message.text))
            page.on("pageerror", lambda error: said.append(str(error)))
            page.on("request", lambda request, own=url: asked.append(request.url) if request.url != own else None)
            page.goto(url)
            assert card.decision.reasons[0] in page.inner_text("body")
            assert page.locator("svg").count() >= 2
    assert said == []
    assert [url for url in asked if not url.startswith("data:")] == []


PHASES = ("build the environment", "train", "predict", "again", "another order", "score", "price", "audit")


@pytest.mark.parametrize("name", list(HISTORIES))
def test_a_grading_killed_in_each_phase_ends_in_the_same_card(world, cards, name):
    out = world.root / f"killed-{name}"
    command = [
        sys.executable,
        "-m",
        "heldout",
        "eval",
        "grade",
        str(world.brief),
        str(world.root / "submissions" / name),
    ]
    command += ["--out", str(out), "--seed", str(SEED)]
    killed = [phase for phase in PHASES if kill_in(command, phase)]
    assert set(killed) >= set(PHASES) - {"price"}, "each phase was reached, and killed"
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == (0 if name == "careful" else 1), done.stderr
    card = json.loads((out / name / "card.json").read_text())
    whole = json.loads((world.root / f"cards-{SEED}" / name / "card.json").read_text())
    if name == "notebook":  # its runs differ from each other by themselves
        assert [card[key]["band"] for key in ("decision",)] == [whole[key]["band"] for key in ("decision",)]
        assert card["reproducibility"] == whole["reproducibility"]
        assert endings(card) == endings(whole)
    else:
        assert steady(card) == steady(whole)
    assert not list((out / ".heldout" / "steps").glob(".partial-*"))


def kill_in(command, phase):
    """Kill the grading with SIGKILL as soon as it says that it is in `phase`; tell whether it came to that."""
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as running:
        for line in running.stderr:
            if phase in line and "resolve" not in line:
                os.kill(running.pid, signal.SIGKILL)
                return True
    return False


def endings(card):
    return [(f["code"], f["answer"]["ending"], f["answer"]["certainty"]) for f in card["findings"]]


def steady(card):
    """Return the card without the paths that it lists as volatile."""
    for path in card["volatile"]:
        holder, _, key = path.partition("[*].")
        for one in card[holder]:
            del one[key]
    return card
