"""What alerts and drift detectors did is shown as a table and a picture, and hostile names in it are inert."""

import xml.etree.ElementTree as ET

from rich.console import Console

from heldout.core.monitoring_evidence import AlertTrial, Detected, DriftTrial, Mutant, OwnTests, TriedAlert
from heldout.report.monitoring import HEADS, alert_rows, alert_table, mutation_line, power_chart, print_trial, survivors

HOSTILE = "<script>alert(1)</script>\x1b[31m[bold]"


def trial(name: str = "FeatureDrift") -> AlertTrial:
    alerts = (
        TriedAlert(path="a.yml", alert=name, purpose="drift", told_by=name, fired=(("drift", 600.0),), allowed=900.0),
        TriedAlert(path="a.yml", alert="Always", purpose="other", told_by="", in_clean=True),
        TriedAlert(path="a.yml", alert="Odd", purpose="CPU", told_by="cpu", unclear=name),
    )
    mutants = tuple(Mutant(path="a.yml", alert=name, change="deleted", killed=killed) for killed in (True, True, False))
    tests = (OwnTests(path="t.yml", loads=(), missing=(), passed=False, why=name),)
    return AlertTrial(judge="promtool 2.42.0", alerts=alerts, own_tests=tests, copies=(), mutants=mutants)


def drift(*found: int) -> DriftTrial:
    sizes = (0.25, 0.5, 1.0, 2.0)
    detected = tuple(
        Detected(size=size, days=80, alarms=5 * many, episodes=16, found=many, delays=(1,) * many)
        for size, many in zip(sizes, found, strict=False)
    )
    return DriftTrial(
        rows_per_day=700,
        reference_rows=70_000,
        columns=7,
        episode_days=5,
        clean_days=60,
        false_alarms=2,
        allowed_per_day=1 / 30,
        smallest_shift=0.25,
        detected=detected,
    )


def test_the_table_says_of_each_alert_where_it_fired() -> None:
    first, second, third = alert_rows(trial())
    assert dict(zip(HEADS, first, strict=True))["drift"] == "600 s"
    assert dict(zip(HEADS, first, strict=True))["latency"] == "silent"
    assert second[2] == "FIRES"
    assert third[2] == "not exercised"
    assert len(third) == len(HEADS)


def test_names_of_a_submission_are_inert_in_the_table_and_in_the_terminal() -> None:
    table = alert_table(trial(HOSTILE))
    assert "<script" not in table
    ET.fromstring(table)
    console = Console(record=True, width=120, force_terminal=False)
    with console.capture() as capture:
        print_trial(trial(HOSTILE), console)
    assert "\x1b" not in capture.get()
    assert "[bold]" in capture.get()


def test_the_mutation_score_is_told_with_n_and_interval_and_never_as_nothing() -> None:
    assert mutation_line(trial()) == "mutation score: 2 of 3 mutants found by the tests, 67 % [21, 94]"
    assert survivors(trial()) == ["FeatureDrift: deleted"]
    nothing = AlertTrial(judge="promtool", alerts=(), own_tests=(), copies=(), mutants=())
    assert "not measured" in mutation_line(nothing)


def test_the_power_of_a_detector_is_drawn_by_size() -> None:
    chart = power_chart(drift(2, 9, 16, 16))
    assert chart is not None
    root = ET.fromstring(chart)
    assert "2 of 60 clean days" in root.attrib["aria-label"]
    assert "<script" not in chart
    assert chart != power_chart(drift(16, 16, 16, 16))


def test_nothing_is_drawn_where_nothing_was_measured() -> None:
    assert power_chart(drift()) is None
