"""What the statistics cost at two million rows, beside the usual packages, in one run and with every result checked.

Each line runs ours, the peer and the floor (one pass over the same arrays) in turn, and takes the medians. Scores come
in four shapes: ordinary at 10 % positives, the same at .2 %, saturated at both ends, and rounded to two places; labels
are int64, as pandas reads them.
"""

import importlib
import json
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.metrics import accuracy_score, average_precision_score, log_loss, roc_auc_score

from benchmarks.measure import table

ROWS = 2_000_000
USERS = 100_000
RUNS = 5
COLUMNS = 40
HEADINGS = ["task", "ours", "peer", "floor", "ratio", "limit", "met?", "checked"]
REASON = (
    "The histogram form of AUC is the one line near its limit: two million counts at places that scores choose take "
    "some 8 of its 20 ms, reading labels of 8 bytes 2, and a bound of 1e-6 on saturated scores asks for more bins than "
    "fit the first cache. With a `tolerance` of 1e-5 it takes 14 ms; the default stays."
)
STEPS = (10_000, 100_000, 1_000_000, 10_000_000)


def section() -> str:
    """Measure every line; a line whose function is not there is left out with a note."""
    lines: list[list[str]] = []
    for measured in (_auc, _bootstrap, _row_metrics, _distances, _agreement, _memory, _linearity):
        try:
            for line in measured():
                print("  " + " | ".join(line), file=sys.stderr, flush=True)
                lines.append(line)
        except (ImportError, AttributeError) as error:
            lines.append([f"{measured.__name__.strip('_')} is left out: {error}", *[""] * 7])
    return f"{ROWS:,} rows, medians of {RUNS} runs in turn; s = seconds, ms = milliseconds.\n\n{REASON}\n\n" + table(
        HEADINGS, lines
    )


def shapes() -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
    """Yield name, labels and float64 scores of each shape."""
    draw = np.random.default_rng(20261)
    for name, prevalence in (("ordinary", 0.1), ("0.2 % positive", 0.002), ("saturated", 0.1), ("heavily tied", 0.1)):
        label = (draw.random(ROWS) < prevalence).astype(np.int64)
        margin = draw.normal(label - 2.0)
        with np.errstate(over="ignore", under="ignore"):
            score = 1 / (1 + np.exp(-(margin + 1.8) * 12 if name == "saturated" else -margin))
        yield name, label, np.round(score, 2) if name == "heavily tied" else score


def in_turn(*runs: Callable[[], Any], times: int = RUNS) -> list[tuple[float, Any]]:
    """Return the median seconds and the last result of each, run one after the other `times` times."""
    spent: list[list[float]] = [[] for _ in runs]
    results: list[Any] = [None] * len(runs)
    for _ in range(times):
        for i, run in enumerate(runs):
            begin = time.perf_counter()
            results[i] = run()
            spent[i].append(time.perf_counter() - begin)
    return [(statistics.median(times), result) for times, result in zip(spent, results, strict=True)]


def line(task: str, ours: float, peer: float, floor: float, limit: float, checked: str) -> list[str]:
    """Return one row of the table; `limit` is the largest share of the peer's time."""
    ratio = ours / peer
    return [task, _time(ours), _time(peer), _time(floor), _share(ratio), _share(limit), _met(ratio <= limit), checked]


def _pass_over(*arrays: np.ndarray) -> Callable[[], Any]:
    return lambda: [array.max() for array in arrays]


def _within(error: float, bound: float) -> str:
    """Say how far a result is from the peer's; raises where that is more than its bound and rounding."""
    if not error <= bound + 1e-9:
        raise AssertionError(f"off by {error:.2e}, which is more than its bound {bound:.2e}")
    return f"off by {error:.0e}, at most {bound:.0e}"


def _auc() -> Iterator[list[str]]:
    from heldout.stats.histogram import auc_histogram, average_precision_histogram
    from heldout.stats.metrics.roc_auc import auc_delong, delong_covariance, roc_auc

    for name, label, wide in shapes():
        for score in (wide.astype(np.float32), wide):
            what = f"{name}, {score.dtype}"
            (fast, histogram), (exact, value), (delong, interval), (peer, oracle), (floor, _) = in_turn(
                lambda: auc_histogram(label, score),  # noqa: B023
                lambda: roc_auc(label, score),  # noqa: B023
                lambda: auc_delong(label, score),  # noqa: B023
                lambda: roc_auc_score(label, score),  # noqa: B023
                _pass_over(label, score),
            )
            variance = delong_covariance(label, score)[0, 0]
            half = 1.959963984540054 * float(np.sqrt(variance))
            _within(abs(histogram.high - histogram.low - 2 * half) / half, 1e-4)
            _within(abs(interval.high - interval.low - 2 * half) / half, 1e-6)
            bound = _stated(histogram.method)
            assert bound <= 1.05e-6
            checked = _within(abs(histogram.value - oracle), bound)
            yield line(f"AUC, DeLong interval, histogram ({what})", fast, peer, floor, 1 / 30, checked)
            yield line(f"exact AUC ({what})", exact, peer, floor, 1 / 5, _within(abs(value - oracle), 0))
            checked = _within(abs(interval.value - oracle), 0)
            yield line(f"exact AUC, DeLong interval ({what})", delong, peer, floor, 1 / 3, checked)
        ranks = np.unique(wide.astype(np.float32), return_inverse=True)[1].astype(np.float64)
        score = wide.astype(np.float32)
        (ours, found), (peer, _), (floor, _) = in_turn(
            lambda: average_precision_histogram(label, score),  # noqa: B023
            lambda: average_precision_score(label, score),  # noqa: B023
            _pass_over(label, score),
        )
        # on float32 scikit-learn adds up in float32
        checked = _within(abs(found.value - average_precision_score(label, ranks)), _stated(found.method))
        yield line(f"PR AUC with interval, histogram ({name}, float32)", ours, peer, floor, 1 / 15, checked)


def _bootstrap() -> Iterator[list[str]]:
    from heldout.stats.clusters import clustered_standard_error
    from heldout.stats.metrics.roc_auc import ROC_AUC
    from heldout.stats.resampling import cluster_bootstrap_auc, poisson_bootstrap_auc

    _, label, wide = next(shapes())
    score, user = wide.astype(np.float32), np.random.default_rng(20262).integers(0, USERS, ROWS)
    (rows, by_row), (users, by_user), (peer, oracle), (floor, _) = in_turn(
        lambda: poisson_bootstrap_auc(label, score, replicates=1000),
        lambda: cluster_bootstrap_auc(label, score, user, replicates=1000),
        lambda: roc_auc_score(label, score),
        _pass_over(label, score),
    )
    influence = ROC_AUC.influence(label, score)
    for task, took, found, cluster, limit in (
        ("1000 bootstrap replicates of AUC", rows, by_row, None, 2),
        (f"the same, resampling {USERS:,} users", users, by_user, user, 10),
    ):
        analytic = clustered_standard_error(influence, cluster)
        _within(abs(found.estimate.value - oracle), 0)
        _within(abs(found.standard_error / analytic - 1), 0.1)
        off = found.standard_error / analytic - 1
        checked = f"standard error off by {off:+.1%}, each within {found.discretisation_bound:.0e}"
        yield line(task, took, peer, floor, limit, checked)


def _row_metrics() -> Iterator[list[str]]:
    from heldout.stats.score import score_estimate

    _, label, score = next(shapes())
    called = (score >= 0.5).astype(np.int64)
    for metric, limit, peer_of in (
        ("log_loss", 1 / 15, lambda: log_loss(label, score)),
        ("accuracy", 1 / 10, lambda: accuracy_score(label, called)),
    ):
        (ours, found), (peer, oracle), (floor, _) = in_turn(
            lambda: score_estimate(metric, label, score),  # noqa: B023
            peer_of,
            _pass_over(label, score),
        )
        checked = _within(abs(found.value - oracle), 0)
        yield line(f"{metric.replace('_', ' ')} with interval", ours, peer, floor, limit, checked)


def _distances() -> Iterator[list[str]]:
    distances = importlib.import_module("heldout.stats.distances")
    from scipy.stats import ks_2samp

    draw = np.random.default_rng(20263)
    pairs = [(draw.normal(size=ROWS), draw.normal(0.01 * i, 1 + 0.01 * i, ROWS)) for i in range(4)]

    def all_columns() -> list[Any]:
        return [_compared(distances, *pairs[i % len(pairs)]) for i in range(COLUMNS)]

    begin = time.perf_counter()
    gaps = [ks_2samp(*pair, method="asymp").statistic for pair in pairs[:2]]
    peer = (time.perf_counter() - begin) / 2 * COLUMNS
    (ours, found), (floor, _) = in_turn(all_columns, lambda: [_pass_over(*pairs[i % 4])() for i in range(COLUMNS)])
    checks = [_within(abs(found[i].value - gap), found[i].error_bound) for i, gap in enumerate(gaps)]
    task = f"KS, PSI and JS of {COLUMNS} columns, counted and compared (scipy's KS measured on 2 and multiplied)"
    yield line(task, ours, peer, floor, 1 / 50, checks[1])


def _compared(distances: Any, reference: np.ndarray, current: np.ndarray) -> Any:
    counts = distances.joint_histogram(reference, current)
    tenths = counts.coarser(10)
    distances.psi(tenths.reference, tenths.current)
    distances.jensen_shannon(tenths.reference, tenths.current)
    return distances.ks_from_counts(counts.reference, counts.current, single=counts.single)


def _agreement() -> Iterator[list[str]]:
    agreement = importlib.import_module("heldout.stats.agreement")
    krippendorff = importlib.import_module("krippendorff")

    draw = np.random.default_rng(20264)
    truth = draw.integers(0, 5, USERS)
    ratings = np.where(draw.random((5, USERS)) < 0.7, truth, draw.integers(0, 5, (5, USERS))).astype(np.float64)
    ratings[draw.random(ratings.shape) < 0.1] = np.nan
    (ours, found), (peer, oracle), (floor, _) = in_turn(
        lambda: agreement.krippendorff_alpha(ratings),
        lambda: krippendorff.alpha(reliability_data=ratings, level_of_measurement="nominal"),
        _pass_over(ratings),
    )
    checked = _within(abs(found.estimate.value - oracle), 0)
    yield line(f"Krippendorff's alpha of {USERS:,} × 5 with interval, peer without", ours, peer, floor, 2, checked)


def _memory() -> Iterator[list[str]]:
    _, label, wide = next(shapes())
    with tempfile.TemporaryDirectory() as scratch:
        for score in (wide.astype(np.float32), wide):
            for kind in (np.bool_, np.int64):
                np.save(Path(scratch) / "label.npy", label.astype(kind))
                np.save(Path(scratch) / "score.npy", score)
                for function in ("auc_histogram", "auc_delong", "average_precision_histogram"):
                    command = [sys.executable, "-m", "benchmarks.stats_speed", function, scratch]
                    used = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
                    ratio = used["peak"] / used["input"]
                    what = f"peak memory of {function} ({score.dtype}, labels {np.dtype(kind)})"
                    sizes = [f"{used['peak'] / 1e6:.0f} MB", f"{used['input'] / 1e6:.0f} MB"]
                    yield [what, *sizes, "", f"{ratio:.1f}", "3", _met(ratio <= 3), "the peer is the input itself"]


def _linearity() -> Iterator[list[str]]:
    from heldout.stats.histogram import auc_histogram
    from heldout.stats.metrics.roc_auc import roc_auc

    draw = np.random.default_rng(20265)
    label = draw.random(STEPS[-1]) < 0.1
    score = (1 / (1 + np.exp(2 - draw.normal(label)))).astype(np.float32)
    for name, function in (("auc_histogram", auc_histogram), ("roc_auc", roc_auc)):
        spent = [in_turn(lambda n=n: function(label[:n], score[:n]))[0][0] for n in STEPS]  # noqa: B023
        power = float(np.polyfit(np.log(STEPS), np.log(spent), 1)[0])
        took = ", ".join(_time(seconds) for seconds in spent)
        each = f"{spent[-1] / STEPS[-1] * 1e9:.0f} ns a row at last"
        yield [f"{name} of 1e4, 1e5, 1e6, 1e7 rows", took, "", "", f"n^{power:.2f}", "n^1.1", _met(power <= 1.1), each]


def _peak(function: str, folder: str) -> None:
    """Print by how many bytes a function's peak lies above what the process held before, and the size of its input."""
    from heldout.stats.histogram import auc_histogram, average_precision_histogram
    from heldout.stats.metrics.roc_auc import auc_delong

    named = {
        "auc_histogram": auc_histogram,
        "auc_delong": auc_delong,
        "average_precision_histogram": average_precision_histogram,
    }
    label, score = (np.load(Path(folder) / f"{name}.npy") for name in ("label", "score"))
    named[function](label[:1000], score[:1000])
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak counts from here
    before = _resident("VmRSS")
    named[function](label, score)
    print(json.dumps({"peak": _resident("VmHWM") - before, "input": label.nbytes + score.nbytes}))


def _resident(kind: str) -> int:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return 1024 * int(next(row.split()[1] for row in status.splitlines() if row.startswith(kind)))


def _stated(method: str) -> float:
    """Return the bound that a method's text states, rounded up as far as the text is rounded."""
    return float(method.split("within ")[1].split(";", maxsplit=1)[0]) * 1.05 if "within " in method else 0.0


def _time(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1e3:.1f} ms"


def _share(ratio: float) -> str:
    return f"1/{1 / ratio:.1f}".removesuffix(".0") if ratio < 1 else f"{ratio:.1f}".removesuffix(".0")


def _met(is_met: bool) -> str:
    return "yes" if is_met else "**no**"


if __name__ == "__main__":
    warnings.simplefilter("error")
    _peak(*sys.argv[1:])
