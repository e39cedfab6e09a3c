"""A webhook that fails at times gets each event once, in order, and nothing that is not for everybody."""

import datetime as dt
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from heldout.core.errors import BadInput
from heldout.evals.record.kinds import Kind, Role
from heldout.evals.record.webhook import KEY_HEADER, Posted, post_events, set_webhook, webhook_of
from heldout.evals.record.workspace import CandidateRecord, Workspace

START = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)


class Receiver(ThreadingHTTPServer):
    """Answers each request with the next of `answers` (200 once they are used up), and keeps what it took."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers: list[int] = []
        self.taken: list[str] = []
        self.keys: list[str] = []
        self.asked = 0


class Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        receiver = self.server
        assert isinstance(receiver, Receiver)
        receiver.asked += 1
        body = self.rfile.read(int(self.headers["Content-Length"]))
        answer = receiver.answers.pop(0) if receiver.answers else 200
        if answer == 0:
            self.close_connection = True
            return
        if answer == 200:
            receiver.taken.append(json.loads(body)["text"])
            receiver.keys.append(self.headers[KEY_HEADER])
        self.send_response(answer)
        if 300 <= answer < 400:
            self.send_header("Location", f"http://127.0.0.1:{receiver.server_port}/elsewhere")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as receiver:
        thread = threading.Thread(target=receiver.serve_forever, daemon=True)
        thread.start()
        yield receiver
        receiver.shutdown()
        thread.join()


@pytest.fixture
def workspace(tmp_path: Path, receiver: Receiver) -> Workspace:
    workspace = Workspace(folder=tmp_path, now=lambda: START)
    set_webhook(workspace, f"http://127.0.0.1:{receiver.server_port}/hook")
    return workspace


def ada_with(workspace: Workspace, count: int) -> CandidateRecord:
    ada = workspace.candidate("ada")
    for number in range(count):
        ada.ledger.append(Kind.UPDATE, {"number": number, "done": f"step {number}"}, actor=Role.SERVER)
    return ada


def test_every_event_is_posted_once_and_in_order_though_the_other_side_fails_at_times(
    workspace: Workspace, receiver: Receiver
) -> None:
    ada = ada_with(workspace, 12)
    receiver.answers = [200, 500, 200, 0, 429, 200, 200, 404, 302, 503]

    results = [post_events(workspace, ada) for _ in range(8)]

    assert receiver.taken == [
        f"ada: an update was given (done: step {n})".replace("(", f"(number: {n}; ") for n in range(12)
    ]
    assert len(set(receiver.keys)) == 12
    assert results[0].posted == 1
    assert "500" in results[0].why
    assert results[-1] == Posted(posted=0, waiting=0)
    assert sum(result.posted for result in results) == 12


def test_what_others_may_not_see_is_passed_over(workspace: Workspace, receiver: Receiver) -> None:
    ada = ada_with(workspace, 1)
    ada.ledger.append(Kind.ACCOMMODATED, {"hours": 12, "what": "a broken arm"}, actor=Role.ORGANISER)
    ada.ledger.append(Kind.EXTENDED, {"hours": 2, "why": "late data", "cost": 0}, actor=Role.ORGANISER)

    assert post_events(workspace, ada) == Posted(posted=2, waiting=0)
    assert "arm" not in str(receiver.taken)
    assert "accommodation" not in str(receiver.taken)


def test_what_people_wrote_neither_links_nor_mentions_nor_breaks_the_line(
    workspace: Workspace, receiver: Receiver
) -> None:
    ada = workspace.candidate("ada")
    text = "<!channel> & <https://evil.example|click>\n\x1b[31mred" + "x" * 1_000
    ada.ledger.append(Kind.QUESTION, {"number": 1, "text": text, "topic": None}, actor=Role.SERVER)

    post_events(workspace, ada)

    (taken,) = receiver.taken
    assert "&lt;!channel&gt; &amp; &lt;https://evil.example|click&gt;" in taken
    assert "<" not in taken
    assert "\n" not in taken
    assert "\x1b" not in taken
    assert len(taken) < 500


def test_an_event_of_which_the_payload_was_forgotten_says_only_what_it_is(
    workspace: Workspace, receiver: Receiver
) -> None:
    ada = ada_with(workspace, 1)
    ada.ledger.forget(ada.ledger.events()[0].payload_sha256)

    post_events(workspace, ada)

    assert receiver.taken == ["ada: an update was given"]


def test_calls_at_once_post_nothing_twice(workspace: Workspace, receiver: Receiver) -> None:
    ada = ada_with(workspace, 20)
    threads = [threading.Thread(target=post_events, args=(workspace, ada)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    post_events(workspace, ada)

    assert len(receiver.taken) == len(set(receiver.keys)) == 20


def test_nobody_there_is_a_reason_and_no_error(workspace: Workspace, receiver: Receiver) -> None:
    set_webhook(workspace, "http://127.0.0.1:9/hook")
    result = post_events(workspace, ada_with(workspace, 2))

    assert (result.posted, result.waiting) == (0, 2)
    assert "could not be reached" in result.why


def test_the_address_is_kept_from_others_and_can_be_taken_away(workspace: Workspace) -> None:
    assert (workspace.folder / "webhook.json").stat().st_mode & 0o777 == 0o600
    for wrong in ("file:///etc/passwd", "hooks.slack.com/x", "https://", "http://a b/"):
        with pytest.raises(BadInput, match="no address"):
            set_webhook(workspace, wrong)
    set_webhook(workspace, None)
    assert webhook_of(workspace) is None
    assert post_events(workspace, ada_with(workspace, 1)) == Posted(posted=0, waiting=0)
