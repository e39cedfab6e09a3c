"""The one-page log of experiments, and the run folders of MLflow."""

from hypothesis import given
from hypothesis import strategies as st

from heldout.evals.talk.experiments import read_experiments
from heldout.evals.talk.mlflow import read_mlflow

HEAD = (
    b"| Run | Data version | Hyperparameters | Metric | Value | Seconds | Peak MB | Commit | Note |\n"
    b"|---|---|---|---|---:|---|---|---|---|\n"
)


def test_a_row_is_a_run_with_all_that_it_says() -> None:
    said = read_experiments(
        b"# Log\n\n" + HEAD + b"| 1 | v2 | depth=3 \\| 4 | roc_auc | 0.71 | 1,200 | 310 | `abc1234` | slow |\n"
    )

    (run,) = said.runs
    assert said.messages == ()
    assert (run.run, run.data_version, run.hyperparameters) == ("1", "v2", "depth=3 | 4")
    assert (run.metric, run.value, run.seconds, run.peak_mb) == ("roc_auc", 0.71, 1200.0, 310.0)
    assert (run.commit, run.note, run.line) == ("abc1234", "slow", 5)


def test_columns_stand_in_any_order_and_may_be_left_out() -> None:
    said = read_experiments(
        b"| value | metric | run |\r\n|--|--|--|\r\n| 0.5 | f1 | a |\r\n| x | f1 | b |\r\n| 1 |\r\n"
    )

    assert [(run.run, run.metric, run.value) for run in said.runs] == [
        ("a", "f1", 0.5),
        ("b", "f1", None),
        ("", "", 1.0),
    ]
    assert [message.line for message in said.messages] == [4, 4, 5, 5]


def test_a_file_without_a_table_or_with_another_table_is_told() -> None:
    assert "no table" in str(read_experiments(b"run 1: auc 0.7\n").messages[0])
    other = read_experiments(b"| day | what |\n|---|---|\n| 1 | read |\n")
    assert other.runs == ()
    assert "no column run, metric, value" in other.messages[0].what


def test_mlflow_folders_give_a_run_per_metric_with_its_last_value() -> None:
    files = {
        "mlruns/0/meta.yaml": b"name: Default\n",
        "mlruns/0/abc/meta.yaml": b"run_name: 'first'\nstart_time: 1000\nend_time: 61000\n",
        "mlruns/0/abc/params/depth": b"3",
        "mlruns/0/abc/metrics/val/roc_auc": b"1 0.5 0\n2 0.7 1\n",
        "mlruns/0/abc/tags/mlflow.source.git.commit": b"ABC1234",
        "mlruns/0/abc/tags/data_version": b"v2",
        "notebooks/mlruns/1/def/metrics/loss": b"broken\n",
    }

    said = read_mlflow(files)

    first, second = said.runs
    assert (first.run, first.metric, first.value, first.seconds) == ("first", "val/roc_auc", 0.7, 60.0)
    assert (first.commit, first.data_version, first.hyperparameters) == ("abc1234", "v2", '{"depth": "3"}')
    assert (second.run, second.value) == ("def", None)
    assert "has no value" in str(said.messages[0])


@given(st.binary(max_size=300))
def test_any_bytes_are_read_without_an_error(content: bytes) -> None:
    read_experiments(content)
    read_experiments(HEAD + content)
    read_mlflow({"mlruns/0/a/meta.yaml": content, "mlruns/0/a/metrics/m": content, "mlruns/0/a/params/p": content})
