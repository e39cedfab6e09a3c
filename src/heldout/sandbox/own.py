"""Runs modules of ours in processes of their own: what parses foreign bytes, and what holds labels.

They import nothing foreign, so that they need limits and a process, not a sandbox.
"""

import contextlib
import ctypes
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable, Mapping, Sequence
from typing import IO, Any

from heldout.core.errors import BadInput, CandidateFailure, InfrastructureFailure, RunFailure
from heldout.sandbox.entry import lower
from heldout.sandbox.job import Limits
from heldout.sandbox.resource_limits import per_process

__all__ = ["call", "serve"]

_SHOWN_BYTES = 2000
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG
_FAILURES = {failure.cause.value: failure for failure in (RunFailure, CandidateFailure, InfrastructureFailure)}


def call(
    module: str,
    request: Mapping[str, Any],
    *,
    limits: Limits,
    blame: type[RunFailure] = InfrastructureFailure,
) -> dict[str, Any]:
    """Run `python -I -m module` on a JSON request and return its JSON answer.

    The process has an empty environment, no descriptors but the standard ones, and the wall time, CPU time, memory and
    output size of `limits`. Raises BadInput, CandidateFailure or InfrastructureFailure as the module's handler did;
    `blame` if a limit or a signal ended it; InfrastructureFailure if it crashed.
    """
    return _call([sys.executable, "-I", "-m", module], request, limits=limits, blame=blame)


def serve(handler: Callable[[dict[str, Any]], Mapping[str, Any]]) -> None:
    """Answer one request from stdin on stdout: the `main` of a module that `call` runs.

    What the handler prints goes to stderr. What it raises is answered as {"error": {...}}.
    """
    with os.fdopen(os.dup(1), "w") as answers:
        os.dup2(2, 1)
        order = json.load(sys.stdin)
        _limit(order)
        answers.write(_answer(handler, order["request"]))


def _call(
    arguments: Sequence[str], request: Mapping[str, Any], *, limits: Limits, blame: type[RunFailure]
) -> dict[str, Any]:
    per = per_process(limits, whole_job_is_limited=False)
    del per["RLIMIT_NPROC"]  # it would count the user's other processes too
    order = {"parent": os.getpid(), "resource_limits": per, "request": dict(request)}
    with contextlib.ExitStack() as stack:
        question, answer, log = (stack.enter_context(tempfile.TemporaryFile("w+b")) for _ in range(3))
        question.write(json.dumps(order).encode())
        question.seek(0)
        process = subprocess.Popen(arguments, stdin=question, stdout=answer, stderr=log, env={}, cwd="/")
        try:
            code = process.wait(limits.wall_seconds)
        except subprocess.TimeoutExpired:
            raise blame(f"{arguments[-1]} took more than {limits.wall_seconds:g} s") from None
        finally:
            process.kill()
            process.wait()
        said = _end_of(log)
        if code < 0:
            raise blame(f"{arguments[-1]} was ended by {signal.Signals(-code).name}. {said}".strip())
        if code > 0:
            raise InfrastructureFailure(f"{arguments[-1]} ended with exit code {code}. {said}".strip())
        answer.seek(0)
        return _opened(json.load(answer), arguments[-1], blame)


def _opened(answered: dict[str, Any], module: str, blame: type[RunFailure]) -> dict[str, Any]:
    """Return the result of an answer, or raise what the handler raised on the other side."""
    if "result" in answered:
        result: dict[str, Any] = answered["result"]
        return result
    error = answered["error"]
    kind, what = error.pop("kind"), error["what"]
    if kind == "bad input":
        raise BadInput(what, where=error["where"], expected=error["expected"], mend=error["mend"])
    if kind == "memory":
        raise blame(f"{module} needed more memory than it may have")
    raise _FAILURES.get(kind, InfrastructureFailure)(what)


def _end_of(file: IO[bytes]) -> str:
    file.seek(max(file.seek(0, os.SEEK_END) - _SHOWN_BYTES, 0))
    return file.read().decode(errors="replace").strip()


def _limit(order: Mapping[str, Any]) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
        if os.getppid() != order["parent"]:
            sys.exit("the caller is gone")
    for name, most in order["resource_limits"].items():
        lower(getattr(resource, name), most)


def _answer(handler: Callable[[dict[str, Any]], Mapping[str, Any]], request: dict[str, Any]) -> str:
    try:
        return json.dumps({"result": dict(handler(request))}, allow_nan=False)
    except BadInput as error:
        said = {"what": error.what, "where": error.where, "expected": error.expected, "mend": error.mend}
        return json.dumps({"error": {"kind": "bad input", **said}})
    except RunFailure as error:
        return json.dumps({"error": {"kind": error.cause.value, "what": str(error)}})
    except MemoryError:
        return json.dumps({"error": {"kind": "memory", "what": "out of memory"}})
    except Exception as error:  # a defect of ours, told with its place on stderr
        traceback.print_exc()
        return json.dumps({"error": {"kind": "crash", "what": f"{type(error).__name__}: {error}"}})
