"""In how many worlds does the demo end as it does? Redraws the holdout's days and decides each submission again.

Trains and predicts outside the sandbox, with sets of three grader seeds; then redraws the 61 days of the final rows
with replacement, and applies `paired_lift` and `decide` to each world.
"""

import os
import subprocess
import sys
import tempfile
import tomllib
from collections import Counter
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from heldout.core.lift import LiftScale, LiftTarget
from heldout.demo import write_eval
from heldout.demo.trees import HISTORIES, copy_tree
from heldout.stats import METRICS, decide, paired_lift, reproducibility_class, wilson

RERUNS = 5


def run(tree: Path, data: Path, seed: int) -> tuple[bytes, np.ndarray]:
    """Train and predict with one seed; the predictions file's bytes, and its predictions in the table's order."""
    contract = tomllib.loads((tree / "submission.toml").read_text())
    with tempfile.TemporaryDirectory() as scratch:
        places = {name: Path(scratch) / name for name in ("features", "model", "out")}
        for place in places.values():
            place.mkdir()
        (places["features"] / "features.parquet").symlink_to(data / "final.parquet")
        for phase, visible in (("train", data), ("predict", places["features"])):
            _, *arguments = contract[phase]["command"]
            environment = {
                "HELDOUT_DATA": str(visible),
                "HELDOUT_MODEL": str(places["model"]),
                "HELDOUT_OUT": str(places["out"]),
                "HELDOUT_SEED": str(seed),
                "PATH": os.environ["PATH"],
                "PYTHONDONTWRITEBYTECODE": "1",
            }
            command = [sys.executable, *arguments]
            subprocess.run(command, cwd=tree, env=environment, check=True, stdout=subprocess.DEVNULL)
        path = places["out"] / "predictions.parquet"
        return path.read_bytes(), pq.read_table(path).column("prediction").to_numpy()


def section(worlds: int = 500, sets: int = 2) -> str:
    """A table of bands in `worlds` redrawn worlds for each of `sets` sets of seeds, as Markdown."""
    lines = [
        "| seeds | submission | AUC | lift | class | band | share of worlds in this band | other bands |",
        "|---|---|---|---|---|---|---|---|",
    ]
    with tempfile.TemporaryDirectory() as scratch:
        directory = Path(scratch)
        brief = tomllib.loads(write_eval(directory).read_text())
        for name in HISTORIES:
            copy_tree(f"submissions/{name}", directory / name)
        leads = []
        for draw in range(sets):
            rows, lead = one_set(directory, brief, draw, worlds)
            lines += rows
            leads.append(share(lead, worlds))
    led = f"The notebook's lift is the highest of the three in {' and '.join(leads)} of the worlds."
    return "\n".join([*lines, "", f"{worlds} worlds per set of three seeds, each of 61 days redrawn. {led}"])


def one_set(directory: Path, brief: dict, draw: int, worlds: int) -> tuple[list[str], int]:
    """A row per submission for the `draw`-th seeds, and the number of worlds where the notebook leads."""
    seeds = [int(seed) for seed in np.random.default_rng(draw).integers(0, 2**31, brief["reproducibility"]["seeds"])]
    answers = pq.read_table(directory / "answers" / "final.parquet")
    label, day = answers.column("late").to_numpy(), answers.column("date").cast("int32").to_numpy()
    lift = brief["lift"]
    target = LiftTarget(scale=LiftScale(lift["scale"]), minimum=lift["minimum"], target=lift["target"])

    baseline = np.array([run(directory / "baseline", directory / "data", seed)[1] for seed in seeds])
    predicted, classes = {}, {}
    for name in HISTORIES:
        files = [run(directory / name, directory / "data", seed) for seed in seeds]
        again = [files[0], *(run(directory / name, directory / "data", seeds[0]) for _ in range(RERUNS - 1))]
        predicted[name] = np.array([values for _, values in files])
        classes[name] = reproducibility_class(
            [values for _, values in again],
            [METRICS["roc_auc"].kernel(label, values).value for _, values in again],
            epsilon=brief["reproducibility"]["epsilon"],
            delta=lift["minimum"] / 4 * METRICS["roc_auc"].kernel(label, baseline[0]).value,
            lowest=brief["reproducibility"]["lowest"],
            same_bytes=len({content for content, _ in again}) == 1,
        )

    def judge(name: str, rows: np.ndarray, cluster: np.ndarray):
        lift = paired_lift(
            label[rows],
            predicted[name][:, rows],
            baseline[:, rows],
            metric=brief["metric"]["name"],
            scale=target.scale,
            cluster=cluster,
            coverage_worlds=0,
        )
        return lift, decide(lift, target, classes[name].reproducibility, classes[name].lowest).band

    days = [np.flatnonzero(day == one) for one in np.unique(day)]
    bands, leads = {name: Counter() for name in HISTORIES}, 0
    generator = np.random.default_rng(draw)
    for _ in range(worlds):
        drawn = [days[one] for one in generator.integers(0, len(days), len(days))]
        cluster = np.repeat(np.arange(len(drawn)), [len(rows) for rows in drawn])
        judged = {name: judge(name, np.concatenate(drawn), cluster) for name in HISTORIES}
        for name, (_, band) in judged.items():
            bands[name][band.value] += 1
        leads += max(judged, key=lambda name: judged[name][0].estimate.value) == "notebook"
    rows = []
    for name in HISTORIES:
        measured, band = judge(name, np.arange(len(label)), day)
        value = measured.estimate
        others = ", ".join(f"{other} {n / worlds:.1%}" for other, n in bands[name].items() if other != band.value)
        cells = (
            *(draw, name, f"{measured.candidate.value:.3f}", f"{value.value:.1%} [{value.low:.1%}, {value.high:.1%}]"),
            *(classes[name].reproducibility, band.value, share(bands[name][band.value], worlds), others or "-"),
        )
        rows.append(f"| {' | '.join(map(str, cells))} |")
    return rows, leads


def share(count: int, worlds: int) -> str:
    """A share of the worlds with its 95 % Wilson interval."""
    estimate = wilson(count, worlds)
    return f"{estimate.value:.1%} [{estimate.low:.1%}, {estimate.high:.1%}]"
