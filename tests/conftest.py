"""What all tests share: a skip is a failure in CI, which provides everything."""

import os
import signal
from collections.abc import Generator

import pytest
from hypothesis import settings

# a landing must not hang on which examples are drawn that day; elsewhere new ones are tried on every run
settings.register_profile("landing", derandomize=True, deadline=None)
if os.environ.get("CI") == "true":
    settings.load_profile("landing")

# a shell's background job is started deaf to Ctrl-C, and so would be every command that a test interrupts
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


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
