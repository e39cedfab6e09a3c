"""The bar on a terminal tells the truth: it never goes back within a step, and never stands at its end at work."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from heldout.cli.progress import Bar, _bars, progress

steps = st.lists(
    st.tuples(
        st.sampled_from(["reading", "profiling", "asking"]),
        st.lists(
            st.tuples(st.integers(0, 50), st.sampled_from([0, 7, 44]), st.sampled_from(["columns", "bytes"])),
            max_size=8,
        ),
    ),
    max_size=6,
)


def console() -> Console:
    return Console(file=io.StringIO(), force_terminal=True, width=120)


@given(steps)
@settings(max_examples=100, deadline=None)
def test_within_a_step_the_bar_never_goes_back_nor_stands_at_its_end(said: list) -> None:
    bars = _bars(console())
    bar, task = Bar(bars), bars.tasks[0]
    for sentence, advances in said:
        bar(sentence)
        assert task.total is None, "a step of unknown length pulses"
        shown: dict[tuple[int, str], float] = {}
        counted = None
        for done, total, unit in advances:
            bar.advance(done, total, unit)
            assert task.description == sentence
            if task.total is None:
                shown, counted = {}, None
                continue
            assert task.completed < task.total == total
            if counted == (total, unit):
                assert task.completed >= shown[total, unit]
            counted, shown[total, unit] = (total, unit), task.completed


def test_checks_share_one_bar_and_another_table_begins_its_own() -> None:
    bars = _bars(console())
    bar, task = Bar(bars), bars.tasks[0]
    seen = []
    for done, check in enumerate(("LEK001", "LEK002", "LEK003")):
        bar(f"asking {check}")
        bar.advance(done, 3, "checks")
        seen.append((task.completed, task.total, task.fields["count"]))
    assert seen == [(0, 3, "0 of 3 checks"), (1, 3, "1 of 3 checks"), (2, 3, "2 of 3 checks")]
    bar("profiling test")
    bar.advance(0, 3, "checks")
    assert task.completed == 0
    bar.advance(2_500_000, 10_000_000, "bytes")
    assert task.fields["count"] == "2.5 MB of 10.0 MB"
    bar.advance(10_000_000, 10_000_000, "bytes")
    assert task.total is None


def test_what_is_found_stays_above_the_bar() -> None:
    shown = console()
    with _bars(shown) as bars:
        bar = Bar(bars)
        bar("reading [bold]x[/]\x1b[31m")
        bar.found("first look: [red]x[/] leaks")
    assert isinstance(shown.file, io.StringIO)
    assert "first look: [red]x[/] leaks\n" in shown.file.getvalue()


def test_a_pipe_gets_plain_lines_and_no_figures(capsys: pytest.CaptureFixture[str]) -> None:
    with progress() as say:
        say("reading t.csv")
        say.advance(1, 2, "columns")
        say.found("first look: x leaks")
    assert capsys.readouterr().err == "reading t.csv\nfirst look: x leaks\n"
