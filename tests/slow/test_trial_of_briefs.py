"""Whole trials in the real sandbox: a brief in order is ready, and each that is broken in a way that only gradings show
is caught, beside its mended twin."""

import hashlib
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from tests.browser import chromium
from tests.evals import broken, tiny

from heldout.app.eval_trial import Agent, Tried, try_brief
from heldout.core.brief_trial import BriefTrial, FlawKind, Readiness
from heldout.core.finding import Ending
from heldout.core.lift import Band
from heldout.sandbox import probe

pytestmark = pytest.mark.slow

Trial = Callable[..., Tried]
AGENT = """
cat > /work/agent.py <<'END'
import os, pathlib, shutil, socket
here = pathlib.Path("/work")
assert not any(pathlib.Path("/kit").rglob("answers*")), "labels"
assert (pathlib.Path("/kit/data/train.parquet")).is_file()
try:
    socket.create_connection(("1.1.1.1", 80), timeout=2)
except OSError:
    (here / "offline").write_text("yes")
END
python /work/agent.py
sed -i "s/'group'/'x'/g" /work/train.py /work/predict.py
"""


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All trials share a folder, and so the environment of the references."""
    if probe().level == 0:
        pytest.skip(probe().explanation)
    return tmp_path_factory.mktemp("trials")


@pytest.fixture(scope="module")
def tried(out: Path, tmp_path_factory: pytest.TempPathFactory) -> Trial:
    def run(*changes: Callable[[Path], None], **given: object) -> Tried:
        folder = broken.sound(tmp_path_factory.mktemp("brief") / "eval")
        broken.in_brief(folder, "target = 0.05", "target = 0.15")
        for change in changes:
            change(folder)
        return try_brief(folder, out=out, seed=1, **given)  # type: ignore[arg-type]  # options by name

    return run


@pytest.fixture(scope="module")
def ready(tried: Trial) -> BriefTrial:
    return tried().trial


def blocking(trial: BriefTrial) -> set[FlawKind]:
    return {flaw.kind for flaw in trial.blocking}


def edit(old: str, new: str) -> Callable[[Path], None]:
    return lambda folder: broken.in_brief(folder, old, new)


def test_a_brief_in_order_is_ready_and_its_bands_separate(ready: BriefTrial) -> None:
    assert (ready.readiness, ready.flaws) == (Readiness.READY, ())
    assert {rung.name: rung.band for rung in ready.rungs if rung.name in ("sound", "strong")} == {
        "sound": Band.TARGET,
        "strong": Band.TARGET,
    }
    assert all(rung.band in (Band.FAIL, Band.UNDECIDED) for rung in ready.rungs[:3])
    assert ready.separated is not None
    assert ready.separated > 0.99
    assert ready.per_candidate is not None
    assert ready.resolves is not None
    assert 0.02 < ready.resolves < 0.15
    for rung in ready.rungs:
        assert sum(rung.chances.values()) == pytest.approx(1)


def test_no_check_finds_anything_on_sound_work_and_the_leak_is_found(ready: BriefTrial) -> None:
    found = {rung.name: {finding.code for finding in rung.findings} for rung in ready.rungs}

    assert found["sound"] == found["strong"] == set()
    assert "LEK003" in found["leaking"]
    leaking = next(rung for rung in ready.rungs if rung.name == "leaking")
    assert leaking.lift is not None
    assert leaking.reported is not None
    assert leaking.reported > (leaking.lift.candidate.value or 0) + 0.2


def test_a_target_that_no_reference_reaches(tried: Trial) -> None:
    far, near = (tried(edit("target = 0.15", f"target = {asked}")).trial for asked in (0.75, 0.4))

    assert blocking(far) == {FlawKind.TARGET}, far.flaws
    assert (near.readiness, near.flaws) == (Readiness.READY, ())


def constant_baseline(folder: Path) -> None:
    """A baseline without a model, which says it uses all columns: the mediocre one gets those that tell least."""
    baseline = folder / "baseline"
    (baseline / "train.py").write_text("""open("/model/rates.json", "w").write('{"rates": {}, "jitter": 0}')\n""")
    contract = (baseline / "submission.toml").read_text()
    (baseline / "submission.toml").write_text(
        contract.replace('features = ["day", "x"]', 'features = ["day", "x", "group"]')
    )
    # group tells a fifth of what x does, so that the half that tells least is not nothing
    broken.in_brief(folder, '["day", "x", "group"]', '["x", "group"]')


HIGH = (edit("minimum = 0.02", "minimum = 0.4"), edit("target = 0.15", "target = 0.5"))
"""Every model is better than one number: what is asked lies above what a part of the columns gives."""


@pytest.fixture(scope="module")
def above_a_constant(tried: Trial) -> BriefTrial:
    """The mended twin of two: a baseline of one number, with a minimum above mediocre work and a budget for models."""
    return tried(constant_baseline, *HIGH).trial


def test_a_budget_that_only_the_baseline_meets(tried: Trial, above_a_constant: BriefTrial) -> None:
    """The baseline says one number and loads nothing; the references load libraries before they begin."""
    trial = tried(constant_baseline, *HIGH, edit("cpu_seconds = 30", "cpu_seconds = 0.12")).trial

    assert blocking(trial) == {FlawKind.BUDGET}, [(rung.name, rung.uses, rung.ended) for rung in trial.rungs]
    baseline = next(rung for rung in trial.rungs if rung.name == "baseline")
    assert baseline.lift is not None
    assert above_a_constant.readiness is Readiness.READY, above_a_constant.flaws


def test_a_minimum_that_the_mediocre_one_passes(tried: Trial, above_a_constant: BriefTrial) -> None:
    """The baseline says one number; every model is better than that, and what is asked is no more."""
    low = (edit("minimum = 0.02", "minimum = 0.001"), edit("target = 0.15", "target = 0.08"))
    trial = tried(constant_baseline, *low).trial

    assert blocking(trial) == {FlawKind.SEPARATION}, trial.flaws
    assert any("raise lift.minimum" in flaw.mend for flaw in trial.blocking)
    assert above_a_constant.readiness is Readiness.READY, above_a_constant.flaws


def test_a_metric_that_does_not_see_what_models_differ_in(tried: Trial) -> None:
    """A fifth of the rows is positive, and no chance reaches a half: accuracy says the same of all."""

    def rare(folder: Path) -> None:
        for name in ("data/train", "answers/final"):
            broken.rewrite(folder, name, thin)

    def thin(rows: pa.Table) -> pa.Table:
        keys = rows.column("id").to_pylist()
        kept = np.array([hashlib.sha256(key.encode()).digest()[0] % 5 < 2 for key in keys])
        late = rows.column("late").to_numpy() * kept
        return rows.set_column(rows.column_names.index("late"), "late", pa.array(late.astype(np.int64)))

    trial = tried(rare, edit('name = "roc_auc"', 'name = "accuracy"')).trial
    twin = tried(rare).trial

    assert blocking(trial) == {FlawKind.METRIC}, trial.flaws
    assert twin.readiness is Readiness.READY, twin.flaws


def test_a_baseline_that_does_not_repeat_itself(tried: Trial) -> None:
    def noisy(seed: str) -> Callable[[Path], None]:
        def change(folder: Path) -> None:
            path = folder / "baseline" / "predict.py"
            noise = f"random.Random({seed}).random() * 0.01"
            path.write_text("import os, random\n" + path.read_text().replace("rate = model", f"rate = {noise} + model"))

        return change

    unseeded, seeded = tried(noisy("")).trial, tried(noisy('os.environ["HELDOUT_SEED"] + key')).trial

    assert blocking(unseeded) == {FlawKind.BASELINE}, unseeded.flaws
    assert seeded.readiness is Readiness.READY, seeded.flaws


def test_feedback_rows_that_say_the_opposite(tried: Trial) -> None:
    """On the feedback rows the labels are turned around: whoever follows interim scores goes astray."""

    def with_feedback(turned: bool) -> Callable[[Path], None]:
        def change(folder: Path) -> None:
            final, answers = broken.table(folder, "data/final"), broken.table(folder, "answers/final")
            late = dict(zip(answers.column("id").to_pylist(), answers.column("late").to_pylist(), strict=True))
            day = final.column("day").to_numpy()
            is_early = pa.array(day < np.quantile(day, 0.5))
            split = {"feedback": final.filter(is_early), "final": final.filter(pc.invert(is_early))}
            for part, rows in split.items():
                turns = turned and part == "feedback"
                said = pa.array([1 - late[key] if turns else late[key] for key in rows.column("id").to_pylist()])
                told = pa.table({"id": rows.column("id"), "late": said})
                for place, content in (("data", rows), ("answers", told)):
                    tiny.write_plainly(content, folder / place / f"{part}.parquet")
            hashes = {
                f"{place}/{part}": hashlib.sha256((folder / place / f"{part}.parquet").read_bytes()).hexdigest()
                for place in ("data", "answers")
                for part in split
            }
            text = (folder / "brief.toml").read_text()
            lines = [
                f'final = {{ path = "data/final.parquet", sha256 = "{hashes["data/final"]}" }}\n'
                f'feedback = {{ path = "data/feedback.parquet", sha256 = "{hashes["data/feedback"]}" }}'
                if line.startswith("final = { path")
                else f'final = {{ sha256 = "{hashes["answers/final"]}" }}\n'
                f'feedback = {{ sha256 = "{hashes["answers/feedback"]}" }}'
                if line.startswith("final = { sha256")
                else line
                for line in text.splitlines()
            ]
            (folder / "brief.toml").write_text("\n".join(lines) + "\n")

        return change

    goal = edit("target = 0.15", "target = 0.3")
    turned = tried(with_feedback(turned=True), goal).trial
    assert blocking(turned) == {FlawKind.FEEDBACK}, turned.flaws
    assert tried(with_feedback(turned=False), goal).trial.readiness is Readiness.READY


def test_numbers_to_predict_are_tried_as_well(tried: Trial) -> None:
    """The target is x plus noise in steps of a tenth; group tells a part of it."""

    def numbers(folder: Path) -> None:
        rng = np.random.default_rng(1)
        x = broken.table(folder, "data/final")
        by_key = dict(zip(x.column("id").to_pylist(), x.column("x").to_pylist(), strict=True))

        def to_number(rows: pa.Table) -> pa.Table:
            known = (
                rows.column("x").to_pylist()
                if "x" in rows.column_names
                else [by_key[k] for k in rows.column("id").to_pylist()]
            )
            made = pa.array(np.array(known) + rng.normal(0, 1, len(known)))
            return rows.set_column(rows.column_names.index("late"), "late", made)

        for name in ("data/train", "answers/final"):
            broken.rewrite(folder, name, to_number)
        broken.in_brief(folder, "positive = 1\n", "")
        broken.in_brief(folder, 'name = "roc_auc"', 'name = "root_mean_squared_error"')
        broken.in_brief(folder, 'direction = "higher"', 'direction = "lower"')
        for name in ("train.py", "predict.py"):
            path = folder / "baseline" / name
            path.write_text(path.read_text().replace("min(max(rate + model['jitter'] * (value % 1), 0), 1)", "rate"))

    trial = tried(numbers).trial

    assert trial.readiness is Readiness.READY, trial.flaws
    assert trial.rungs[-1].lift is not None
    assert (trial.rungs[-1].lift.estimate.value or 0) > 0.3


def test_an_agent_works_offline_on_the_kit_and_is_graded_beside_the_references(
    tried: Trial, out: Path, tmp_path: Path
) -> None:
    (tmp_path / "agent").mkdir()
    (tmp_path / "agent" / "go.sh").write_text(AGENT)

    trial = tried(agent=Agent(command="sh /agent/go.sh", files=tmp_path / "agent")).trial

    agent = trial.rungs[-1]
    assert agent.name == "agent"
    assert agent.band is Band.TARGET, agent
    assert (out / "references" / "agent" / "offline").read_text() == "yes"
    assert trial.readiness is Readiness.READY


def test_an_agent_that_leaves_nothing_is_shown_and_changes_no_verdict(tried: Trial) -> None:
    trial = tried(agent=Agent(command="sh -c 'rm -rf /work/*; echo tired >&2; exit 3'")).trial

    assert trial.rungs[-1].band is Band.FAIL
    assert "left no submission.toml" in trial.rungs[-1].ended
    assert "tired" in trial.rungs[-1].ended
    assert trial.readiness is Readiness.READY


def test_a_trial_that_was_killed_goes_on_and_ends_as_it_would_have(ready: BriefTrial, tmp_path: Path) -> None:
    folder = broken.sound(tmp_path / "eval")
    broken.in_brief(folder, "target = 0.05", "target = 0.15")
    command = [
        sys.executable,
        "-m",
        "heldout",
        "eval",
        "trial",
        str(folder),
        "--out",
        str(tmp_path / "out"),
        "--seed",
        "1",
    ]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as begun:
        assert begun.stderr is not None
        assert any("sound: train" in line for line in begun.stderr)
        begun.send_signal(signal.SIGKILL)

    again = try_brief(folder, out=tmp_path / "out", seed=1).trial

    assert [(rung.name, rung.band, rung.lift) for rung in again.rungs if rung.name != "leaking"] == [
        (rung.name, rung.band, rung.lift) for rung in ready.rungs if rung.name != "leaking"
    ]


def test_the_page_fits_a_phone_and_a_desk(tried: Trial) -> None:
    page_of = tried().files["html"]
    with chromium() as browser:
        for width in (390, 1280):
            page = browser.new_page(viewport={"width": width, "height": 900})
            page.goto(page_of.as_uri())
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert page.get_by_role("heading", name="Where the references land").is_visible()
            page.close()


def test_findings_that_are_told_are_those_that_somebody_looks_at(ready: BriefTrial) -> None:
    endings = {finding.ending for rung in ready.rungs for finding in rung.findings}
    assert endings <= {Ending.PROBLEM, Ending.CAUTION, Ending.CRASHED}
