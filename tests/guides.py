"""Two guides that are followed side by side: each person in a folder of their own, a server that goes on running.

A command of the form `cd FOLDER` moves its person, `heldout eval serve` goes on in the background, and git is followed
with what it says on stderr, where the receipts come.
"""

import contextlib
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests import pages

PORT = "8642"


def free_port() -> str:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return str(listener.getsockname()[1])


@dataclass(kw_only=True)
class Person:
    """Who follows a guide: where they stand, what their environment says, and how far they are."""

    guide: Path
    place: Path
    port: str
    environment: dict[str, str] = field(default_factory=dict)
    left: list[tuple[str, str]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    codes: list[tuple[str, int]] = field(default_factory=list)
    servers: list[subprocess.Popen[str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.place.mkdir(parents=True)
        self.left = pages.examples(self.guide, skipped=("make ",))

    def follow(self, section: str) -> None:
        """Do what the guide says below a heading, and hold what is printed to the guide."""
        for command, expected in pages.examples(self.guide, skipped=("make ",), section=section):
            assert (command, expected) == self.left.pop(0), f"{section}: out of order"
            self._do(command.replace(PORT, self.port), expected)

    def _do(self, command: str, expected: str) -> None:
        if command.startswith("cd "):
            self.place = self.place / command.removeprefix("cd ")
            return
        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        variables = {**os.environ, "PATH": path, "COLUMNS": "120", **self.environment}
        if command.startswith("heldout eval serve"):
            self._serve(command, expected, variables)
            return
        ran = subprocess.run(
            ["bash", "-c", command],
            cwd=self.place,
            env=variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT if command.startswith("git ") else subprocess.PIPE,
            text=True,
            timeout=900,
            check=False,
        )
        self.said.append(ran.stdout)
        self.codes.append((command, ran.returncode))
        pages.hold(self.guide.name, command, expected, ran.stdout.replace(self.port, PORT), ran.stderr or "")

    def _serve(self, command: str, expected: str, variables: dict[str, str]) -> None:
        server = subprocess.Popen(
            ["bash", "-c", f"exec {command}"], cwd=self.place, env=variables, stdout=subprocess.PIPE, text=True
        )
        self.servers.append(server)
        assert server.stdout is not None
        printed = "".join(server.stdout.readline() for _ in expected.splitlines())
        self.said.append(printed)
        pages.hold(self.guide.name, command, expected, printed.replace(self.port, PORT), "")


@contextlib.contextmanager
def people(*guides: tuple[Path, Path]) -> Iterator[list[Person]]:
    """Let a person follow each (guide, folder) with one server between them, which ends with the context."""
    port = free_port()
    found = [Person(guide=guide, place=place, port=port) for guide, place in guides]
    try:
        yield found
    finally:
        for server in (server for person in found for server in person.servers):
            server.terminate()
            server.communicate(timeout=60)
