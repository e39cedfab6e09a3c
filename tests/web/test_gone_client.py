"""A client that goes away while git answers keeps nothing of the server for itself."""

import base64
import socket
import time
from pathlib import Path

from tests.web.served import Served, commit, git, work_tree

from heldout.evals.record.kinds import Role


def test_fetches_that_are_broken_off_at_once_leave_room_for_others(served: Served, tmp_path: Path) -> None:
    tree = work_tree(tmp_path / "tree")
    commit(tree, "large", bytes(range(256)) * 4_000)
    git("push", "--quiet", served.remote("ada"), "main", cwd=tree)
    token = base64.b64encode(f"x:{served.tokens[Role.ORGANISER, '']}".encode()).decode()
    path = "/git/ada/info/refs?service=git-upload-pack"
    asked = f"GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Basic {token}\r\n\r\n"
    for _ in range(60):
        with socket.create_connection(("127.0.0.1", served.port)) as connection:
            connection.sendall(asked.encode())
    for _ in range(60):
        asked_again = git("ls-remote", served.remote("ada"), cwd=tree, check=False)
        if asked_again.returncode == 0:
            break
        time.sleep(0.5)

    assert asked_again.stdout, asked_again.stderr
