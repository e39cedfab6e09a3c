"""Our own processes: what they answer, what they refuse, and what ends them."""

import os
import sys
import textwrap

import pytest

from heldout.core.errors import BadInput, CandidateFailure, InfrastructureFailure, RunFailure
from heldout.sandbox import Limits, call
from heldout.sandbox.own import _call

LIMITS = Limits(wall_seconds=20, cpu_seconds=20, memory_mb=200, output_mb=1)

MODULE = """
import sys
sys.path[:0] = {path!r}
from heldout.core.errors import BadInput, CandidateFailure, InfrastructureFailure
from heldout.sandbox import serve

def handler(request):
{body}

serve(handler)
"""


@pytest.fixture
def answered(tmp_path):
    """Serve a handler with the given body, call it once and return its answer."""

    def run(body, request=None, *, blame=InfrastructureFailure, **limits):
        script = tmp_path / "module.py"
        body = textwrap.indent(textwrap.dedent(body), "    ")
        script.write_text(MODULE.format(path=[each for each in sys.path if each], body=body))
        fields = {name: getattr(LIMITS, name) for name in Limits.__slots__} | limits
        command = [sys.executable, "-I", str(script)]
        return _call(command, request or {}, limits=Limits(**fields), blame=blame)

    return run


def test_a_request_is_answered_and_what_is_printed_is_kept_apart(answered):
    assert answered("print('noise'); return {'twice': request['n'] * 2}", {"n": 21}) == {"twice": 42}


def test_bad_input_comes_back_whole(answered):
    with pytest.raises(BadInput) as caught:
        answered("raise BadInput('it is torn', where='row 3', expected='a number', mend='write one')")
    error = caught.value
    assert (error.what, error.where, error.expected, error.mend) == ("it is torn", "row 3", "a number", "write one")


@pytest.mark.parametrize("failure", [CandidateFailure, InfrastructureFailure])
def test_failures_keep_their_cause(answered, failure):
    with pytest.raises(failure, match="so it is"):
        answered(f"raise {failure.__name__}('so it is')")


def test_a_defect_of_the_handler_is_ours(answered):
    with pytest.raises(InfrastructureFailure, match="ZeroDivisionError"):
        answered("return {'x': 1 / 0}", blame=CandidateFailure)


def test_an_answer_that_is_not_json_is_ours(answered):
    with pytest.raises(InfrastructureFailure, match="JSON"):
        answered("return {'x': float('nan')}", blame=CandidateFailure)


@pytest.mark.parametrize("blame", [CandidateFailure, InfrastructureFailure, RunFailure])
@pytest.mark.parametrize(
    ("body", "limits", "why"),
    [
        ("return {'n': len(bytearray(300 << 20))}", {}, "more memory"),
        ("import time; time.sleep(60)", {"wall_seconds": 0.7}, "more than 0.7 s"),
        ("import os; os.kill(os.getpid(), 11)", {}, "SIGSEGV"),
    ],
    ids=["memory", "wall time", "signal"],
)
def test_a_limit_is_blamed_on_whom_the_caller_says(answered, body, limits, why, blame):
    with pytest.raises(blame, match=why) as caught:
        answered(body, blame=blame, **limits)
    assert type(caught.value) is blame


def test_cpu_time_is_limited(answered):
    with pytest.raises(CandidateFailure, match="SIGXCPU"):
        answered("while True: pass", blame=CandidateFailure, cpu_seconds=0)


def test_nothing_of_the_caller_is_inherited(answered, monkeypatch, tmp_path):
    monkeypatch.setenv("SECRET_TOKEN", "secret")
    held = os.open(tmp_path, os.O_RDONLY)
    os.set_inheritable(held, True)
    try:
        body = """
            import os
            return {"environment": sorted(os.environ), "descriptors": len(os.listdir("/proc/self/fd"))}
        """
        found = answered(body)
    finally:
        os.close(held)
    assert set(found["environment"]) <= {"LC_CTYPE"}
    assert found["descriptors"] <= 5, "the standard three, the answer and the listing itself"


def test_a_module_that_is_not_there_is_ours():
    with pytest.raises(InfrastructureFailure, match="No module named"):
        call("heldout.no_such_module", {}, limits=LIMITS)
