"""The endpoint, against a real server on this machine."""

import contextlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from heldout.core.errors import BadInput
from heldout.practice.mock.wording import Endpoint, endpoint_of

LINE = "A quick check of time: 12 minutes are left. Where are you?"


class Served:
    def __init__(self) -> None:
        self.requests: list[tuple[str, dict[str, str], dict[str, object]]] = []
        self.answer: Callable[[BaseHTTPRequestHandler], None] = says("")
        self.url = ""


def says(content: object, code: int = 200) -> Callable[[BaseHTTPRequestHandler], None]:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        body = json.dumps({"choices": [{"message": {"content": content}}]}).encode()
        handler.send_response(code)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


@pytest.fixture
def served() -> Iterator[Served]:
    state = Served()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            state.requests.append((self.path, dict(self.headers), body))
            state.answer(self)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    state.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    yield state
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_wording_with_the_same_numbers_and_question_stands(served: Served) -> None:
    served.answer = says("Just 12 minutes\nremain: where do you stand?\x1b[2J")
    worded = Endpoint(url=served.url, model="small", key="secret")(LINE)

    assert worded.startswith("Just 12 minutes remain: where do you stand?")
    assert "\x1b" not in worded
    path, headers, body = served.requests[0]
    assert path == "/v1/chat/completions"
    assert headers["Authorization"] == "Bearer secret"
    assert body["model"] == "small"
    assert body["messages"][-1] == {"role": "user", "content": LINE}


@pytest.mark.parametrize(
    "content",
    ["", "13 minutes are left. Where are you?", "12 minutes are left.", "12? " + "x" * 500, None, 7, ["a"], {"a": 1}],
)
def test_a_wording_that_says_something_else_does_not_stand(served: Served, content: object) -> None:
    served.answer = says(content)
    assert Endpoint(url=served.url, model="small")(LINE) == ""
    assert len(served.requests) == 1


def test_an_error_a_redirect_and_no_json_leave_the_stored_line(served: Served) -> None:
    def moved(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(307)
        handler.send_header("Location", f"{served.url}/elsewhere")
        handler.end_headers()

    def broken(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        handler.wfile.write(b"<html>")

    for answer in (says("12, where?", code=500), says("12, where?", code=401), moved, broken):
        served.answer = answer
        assert Endpoint(url=served.url, model="small", key="secret")(LINE) == ""
    assert [path for path, _, _ in served.requests] == ["/v1/chat/completions"] * 4


@pytest.mark.parametrize(
    "sent",
    [
        b"garbage\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n{",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 1000 + b"\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\n\r\n",
        b"HTTP/1.0 200 OK\r\n\r\n" + b"[" * 60_000,
        b"HTTP/1.0 200 OK\r\n\r\n" + b"x" * 5_000_000,
        b"HTTP/1.0 200 OK\r\n\r\n\xff\xfe",
        b"HTTP/1.0 200 OK\r\n\r\nnull",
        b"",
    ],
)
def test_what_speaks_no_http_or_no_json_leaves_the_stored_line_and_says_nothing(
    served: Served, sent: bytes, capfd: pytest.CaptureFixture[str]
) -> None:
    def raw(handler: BaseHTTPRequestHandler) -> None:
        with contextlib.suppress(OSError):
            handler.wfile.write(sent)
        handler.close_connection = True

    served.answer = raw
    assert Endpoint(url=served.url, model="small", seconds=20)(LINE) == ""
    assert capfd.readouterr().err == ""


def test_a_server_that_drips_is_not_waited_for(served: Served) -> None:
    stop = threading.Event()

    def drips(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        while not stop.wait(0.05):
            try:
                handler.wfile.write(b" ")
            except OSError:
                return

    served.answer = drips
    begun = time.monotonic()
    assert Endpoint(url=served.url, model="small", seconds=0.3)(LINE) == ""
    assert time.monotonic() - begun < 30  # it would drip for ever
    stop.set()


def test_nobody_there_leaves_the_stored_line() -> None:
    assert Endpoint(url="http://127.0.0.1:9", model="small")(LINE) == ""


def test_the_environment_names_the_endpoint_or_none() -> None:
    assert endpoint_of({}) is None
    found = endpoint_of({"HELDOUT_LLM_URL": "https://here/v1", "HELDOUT_LLM_MODEL": "m", "HELDOUT_LLM_KEY": "k"})
    assert found == Endpoint(url="https://here/v1", model="m", key="k")
    addresses = ("file:///etc/passwd", "http://[", "http://x:port", "http://:80", "http://x/a b", "http://x\x1b[31m")
    for wrong in (
        *({"HELDOUT_LLM_URL": one, "HELDOUT_LLM_MODEL": "m"} for one in addresses),
        {"HELDOUT_LLM_URL": "http://x"},
    ):
        with pytest.raises(BadInput, match="endpoint"):
            endpoint_of(wrong)


def test_the_wording_that_was_shown_is_kept_with_the_stored_line_and_grades_nothing(served, tmp_path) -> None:
    import itertools

    from rich.console import Console
    from tests.practice.mock.test_kept import opened

    from heldout.practice.mock.transcript import read_transcript
    from heldout.practice.session.desk import PipeDesk

    def echo(handler: BaseHTTPRequestHandler) -> None:
        line = served.requests[-1][2]["messages"][-1]["content"]
        says(f"Well then. {line}")(handler)

    served.answer = echo
    lines = iter(["pass"] * 20 + [""] * 20)
    scores = []
    for name, wording in (("worded", Endpoint(url=served.url, model="small")), ("stored", None)):
        desk = PipeDesk(iter(["pass"] * 20 + [""] * 20), Console(quiet=True))
        scores.append(opened(tmp_path / name).play(desk, itertools.count().__next__, wording=wording))
    del lines
    asked = [one for one in read_transcript(tmp_path / "worded" / "transcript.jsonl")[1] if one.what == "asks"]
    assert all(one.text == f"Well then. {one.stored}" for one in asked)
    assert scores[0] == scores[1]
    sent = json.dumps([body for _, _, body in served.requests])
    assert "pass" not in sent
