"""An eval that is open for candidates and served on a port of this machine, git as a candidate calls it, plain HTTP."""

import base64
import contextlib
import http.client
import os
import socket
import subprocess
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import uvicorn
from tests.evals import tiny

from heldout.app.eval_open import Giving, open_candidate, terms_of, tokens_of
from heldout.evals.committee import roster, state_of
from heldout.evals.record.kinds import Kind, Role
from heldout.evals.record.ledger import Event
from heldout.evals.record.workspace import CandidateRecord, Workspace
from heldout.tools.git import receiving
from heldout.web import Site, application

WHO = {"NAME": "Ada", "EMAIL": "ada@example.org", "DATE": "2024-01-01T00:00:00Z"}
ZERO = "0" * 40
RATER, ADJUDICATOR = "Kim Lee", "Noor Adan"


@dataclass(frozen=True, kw_only=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass(frozen=True, kw_only=True)
class Served:
    """A served eval: its site, the port, and the tokens by (role, name)."""

    site: Site
    port: int
    tokens: dict[tuple[Role, str], str] = field(default_factory=dict)

    def token(self, name: str) -> str:
        return self.tokens[Role.CANDIDATE, name]

    def remote(self, name: str, token: str | None = None) -> str:
        return f"http://{name}:{token or self.token(name)}@127.0.0.1:{self.port}/git/{name}"

    def record(self, name: str) -> CandidateRecord:
        return self.site.workspace.candidate(name)

    def events(self, name: str, *kinds: Kind) -> list[Event]:
        return [event for event in self.record(name).ledger.events() if not kinds or event.kind in kinds]

    def ask(
        self, method: str, path: str, *, token: str | None = None, body: bytes | None = None, **headers: str
    ) -> Answer:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        if token is not None:
            given["Authorization"] = "Basic " + base64.b64encode(f"x:{token}".encode()).decode()
        return raw(self.port, method, path, body, given)


def raw(port: int, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request(method, path, body=body, headers=dict(headers))
        answer = connection.getresponse()
        try:
            content = answer.read()
        except ConnectionResetError:  # a server that answered before it read all of a body resets the connection
            content = b""
        return Answer(status=answer.status, headers=answer.headers, body=content)
    finally:
        connection.close()


def write_eval(folder: Path) -> Path:
    """Write a tiny eval with a starter kit into `folder`, and return it."""
    tiny.write_eval(folder, rows=300, days=30)
    (folder / "kit").mkdir()
    (folder / "kit" / "README.md").write_text("Begin here.\n")
    (folder / "commitment.json").write_text('{"commitment": "' + "c" * 64 + '"}')
    return folder


def open_for(folder: Path, *names: str) -> tuple[Site, dict[tuple[Role, str], str]]:
    workspace = Workspace(folder=folder.resolve())
    tokens = tokens_of(workspace)
    given = {(Role.ORGANISER, ""): tokens.issue(Role.ORGANISER)}
    for role, name in ((Role.RATER, RATER), (Role.ADJUDICATOR, ADJUDICATOR)):
        if name not in {one.name for one in state_of(workspace).invited}:
            roster.invite(workspace, name, role=role)
        given[role, ""] = tokens.issue(role, name)
    for name in names:
        opened = open_candidate(folder, name, terms_of(folder), consents=True, token=Giving.ANEW)
        assert opened.token is not None
        given[Role.CANDIDATE, name] = opened.token
    return Site(workspace=workspace, tokens=tokens), given


@contextlib.contextmanager
def serving(site: Site, tokens: dict[tuple[Role, str], str]) -> Iterator[Served]:
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(64)
    server = uvicorn.Server(uvicorn.Config(application(site), log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        yield Served(site=site, port=listener.getsockname()[1], tokens=tokens)
    finally:
        server.should_exit = True
        thread.join(30)
        listener.close()


def changed(served: Served, **changes: Any) -> Served:
    return replace(served, site=replace(served.site, **changes))


def git(*arguments: str, cwd: Path, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Call git as a candidate would, without this machine's configuration."""
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(cwd),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        **{f"GIT_{role}_{key}": value for role in ("AUTHOR", "COMMITTER") for key, value in WHO.items()},
    }
    return subprocess.run(
        ["git", *arguments], cwd=cwd, env=environment, capture_output=True, text=True, check=check, timeout=300
    )


def work_tree(folder: Path, *remotes: tuple[str, str]) -> Path:
    """Make a repository with one commit on main and these (name, address) remotes."""
    folder.mkdir(parents=True)
    git("init", "--quiet", "--initial-branch=main", cwd=folder)
    for name, address in remotes:
        git("remote", "add", name, address, cwd=folder)
    commit(folder, "first")
    return folder


def commit(tree: Path, text: str, content: bytes | None = None) -> str:
    """Commit a file that holds `text`, and return the commit."""
    (tree / "file.txt").write_bytes(content if content is not None else text.encode())
    git("add", "--all", cwd=tree)
    git("commit", "--quiet", "--allow-empty", f"--message={text}", cwd=tree)
    return git("rev-parse", "HEAD", cwd=tree).stdout.strip()


def assert_refs_and_events_agree(record: CandidateRecord) -> None:
    """Each ref's push events are a chain from nothing to where it stands, with no step lost or doubled."""
    tips: dict[str, str] = {}
    for event in record.ledger.events():
        if event.kind is Kind.PUSH:
            assert event.payload is not None
            assert event.payload["old"] == tips.get(event.payload["ref"], ZERO), "a step is lost or doubled"
            assert event.payload["new"] != event.payload["old"]
            tips[event.payload["ref"]] = event.payload["new"]
    assert tips == receiving.refs(record.repository)
