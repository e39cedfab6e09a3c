"""What all tests share: a skip is a failure in CI, which provides everything."""

import os
from collections.abc import Generator

import pytest
from hypothesis import settings

# a landing must not hang on which examples are drawn that day; elsewhere new ones are tried on every run
settings.register_profile("landing", derandomize=True, deadline=None)
if os.environ.get("CI") == "true":
    settings.load_profile("landing")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.skipped and os.environ.get("CI") == "true" and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, and with CI=true a skip is a failure: {reason}"
    return report
