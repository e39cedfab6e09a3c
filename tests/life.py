"""The whole life of one eval: real HTTP, a candidate's real git, `heldout eval` as processes.

The server runs in a thread of this process with a clock that the story moves. Commands run by the clock of the machine,
so the story puts the opening 30 hours back and the end 20 hours ahead: what a command writes in between happens now.
"""

import base64
import contextlib
import datetime as dt
import io
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from tests.app import authored
from tests.web.served import Answer, Served, git, raw, serving

from heldout.app.eval_open import Giving, open_candidate, terms_of, tokens_of
from heldout.app.eval_receive import clock_shown, reads_pushes
from heldout.evals.brief import open_brief
from heldout.evals.record.kinds import Kind, Role
from heldout.evals.record.ledger import Event
from heldout.evals.record.workspace import Workspace
from heldout.web import Site

HELDOUT = (sys.executable, "-m", "heldout", "eval")
NAME = "ada"
TERMS = ("--time-zone", "Europe/Berlin", "--waking", "08:00-22:00")
SECRET = "secretquiet room"
TRAIN = """
import json, os, random
from pathlib import Path
import plain_parquet

def bin_of(value):
    return str(round(value * 2))

def main():
    table = plain_parquet.read(Path(os.environ.get("HELDOUT_DATA", "/data")) / "train.parquet", ["x", "y"])
    seen = {}
    for value, label in zip(table["x"], table["y"]):
        ones, count = seen.get(bin_of(value), (1, 2))
        seen[bin_of(value)] = (ones + label, count + 1)
    random.seed(int(os.environ.get("HELDOUT_SEED", "0")))
    model = {"rates": {name: ones / count for name, (ones, count) in seen.items()}, "jitter": random.random() * 1e-4}
    (Path(os.environ.get("HELDOUT_MODEL", "/model")) / "model.json").write_text(json.dumps(model))

if __name__ == "__main__":
    main()
"""
PREDICT = """
import json, os
from pathlib import Path
import plain_parquet
from train import bin_of

def main():
    table = plain_parquet.read(Path(os.environ.get("HELDOUT_DATA", "/data")) / "features.parquet", [KEY, "x"])
    model = json.loads((Path(os.environ.get("HELDOUT_MODEL", "/model")) / "model.json").read_text())
    with (Path(os.environ.get("HELDOUT_OUT", "/out")) / "predictions.csv").open("w") as file:
        file.write(KEY + ",prediction\\n")
        for key, value in zip(table[KEY], table["x"]):
            rate = model["rates"].get(bin_of(value), 0.5)
            file.write(f"{key},{min(rate + model['jitter'] * (value % 1), 1)!r}\\n")

if __name__ == "__main__":
    main()
"""


class Clock:
    """The machine's clock, moved by `ahead`."""

    ahead = dt.timedelta()

    def __call__(self) -> dt.datetime:
        return dt.datetime.now(dt.UTC) + self.ahead

    def hour(self, hour: float) -> None:
        """Move to an hour of the story; hour 30 is now."""
        self.ahead = dt.timedelta(hours=hour - 30)


@dataclass(frozen=True, kw_only=True)
class Ran:
    code: int
    out: str
    err: str


def heldout(*arguments: object, cwd: Path, **environment: str) -> Ran:
    """Run `heldout eval` as a process."""
    ran = subprocess.run(
        [*HELDOUT, *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, "COLUMNS": "300", **environment},
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=600,
        check=False,
    )
    return Ran(code=ran.returncode, out=ran.stdout, err=ran.stderr)


@dataclass(kw_only=True)
class Life:
    """What was done, said and seen: commands by name, pages by (name, who looked), pushes as git told them."""

    place: Path
    clock: Clock = field(default_factory=Clock)
    ran: dict[str, Ran] = field(default_factory=dict)
    pages: dict[tuple[str, str], str] = field(default_factory=dict)
    pushed: dict[str, subprocess.CompletedProcess[str]] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    events: tuple[Event, ...] = ()
    head: str = ""
    port: int = 0

    @property
    def folder(self) -> Path:
        return self.place / "eval"

    @property
    def tree(self) -> Path:
        return self.place / "work"

    def run(self, name: str, *arguments: object, code: int = 0, cwd: Path | None = None) -> Ran:
        """Run a command, keep what it said, and hold it to its exit code."""
        ran = self.ran[name] = heldout(*arguments, cwd=cwd or self.place)
        assert ran.code == code, f"{name}: {ran.out}{ran.err}"
        return ran

    def ask(self, method: str, path: str, who: str, body: bytes | None = None, **headers: str) -> Answer:
        token = base64.b64encode(f"x:{self.tokens[who]}".encode()).decode()
        return raw(self.port, method, path, body, {"Authorization": f"Basic {token}", **headers})

    def look(self, when: str) -> None:
        """Keep the pages of everybody."""
        paths = {"page": f"/c/{NAME}", "events": f"/c/{NAME}/events.json", "card": f"/c/{NAME}/card", "overview": "/"}
        for who in self.tokens:
            for what, path in paths.items():
                self.pages[f"{when} {what}", who] = self.ask("GET", path, who).text

    def commit(self, text: str) -> None:
        git("add", "--all", cwd=self.tree)
        git("commit", "--quiet", f"--message={text}", cwd=self.tree)

    def push(self, name: str, *arguments: str, is_taken: bool = True) -> None:
        done = self.pushed[name] = git("push", "origin", *arguments, cwd=self.tree, check=False)
        assert (done.returncode == 0) is is_taken, done.stderr

    def payloads(self, kind: Kind) -> list[dict[str, object]]:
        return [dict(event.payload or {}) for event in self.events if event.kind is kind]


@contextlib.contextmanager
def served(life: Life) -> Iterator[None]:
    """Serve the eval with the story's clock while the context lasts."""
    workspace = Workspace(folder=life.folder.resolve(), now=life.clock)
    tokens = tokens_of(workspace)
    life.tokens["organiser"] = tokens.issue(Role.ORGANISER)
    site = Site(workspace=workspace, tokens=tokens, clock=clock_shown(workspace), on_push=reads_pushes(workspace))
    with serving(site, {}) as running:
        assert isinstance(running, Served)
        life.port = running.port
        yield


def play(place: Path) -> Life:
    """Play an eval from a table to what is forgotten."""
    life = Life(place=place)
    write_and_open(life)
    with served(life):
        begin(life)
        work(life)
        hand_in(life)
        finish(life)
        forget(life)
    return life


def write_and_open(life: Life) -> None:
    authored.clean().to_parquet(life.place / "table.parquet")
    known = [part for name in ("when", "user", "x", "kind") for part in ("--known", name)]
    asked = ("--target", "y", "--time", "when", "--scale", "relative", "--target-lift", 0.2, "--seed", 1, *known)
    life.run("new", "new", "table.parquet", *asked, "--objective", "Say how likely y is.", "--out", "eval")
    life.run("open without consent", "open", "eval", "--candidate", NAME, *TERMS, code=1)
    life.clock.hour(0)
    terms = terms_of(life.folder, time_zone="Europe/Berlin", waking="08:00-22:00")
    open_candidate(life.folder, NAME, terms, consents=True, token=Giving.NONE, now=life.clock)
    opened = life.run("open", "open", "eval", "--candidate", NAME, *TERMS, "--consent-given")
    life.tokens["candidate"] = opened.out.partition("token, shown once: ")[2].split()[0]
    rater = life.run("invite", "invite", "eval", "Kim Lee")
    life.tokens["rater"] = rater.out.partition("shown once: ")[2].split()[0]


def begin(life: Life) -> None:
    """Hours 1 to 3: the kit, a clone, a first commit, a question; a forced push and a deletion."""
    kit = life.ask("GET", f"/c/{NAME}/kit.zip", "candidate")
    zipfile.ZipFile(io.BytesIO(kit.body)).extractall(life.place)
    remote = f"http://{NAME}:{life.tokens['candidate']}@127.0.0.1:{life.port}/git/{NAME}"
    git("clone", "--quiet", remote, str(life.tree), cwd=life.place)
    git("checkout", "-q", "-B", "main", cwd=life.tree)
    shutil.copytree(life.place / "kit" / "template", life.tree, dirs_exist_ok=True)
    life.clock.hour(1)
    said = ("--done", "The template runs.", "--next", "Ask what is wanted.", "--assumptions", "y is known in time.")
    life.run("update", "update", *said, cwd=life.tree)
    life.run("ask", "ask", "Prototype or pipeline?", "--topic", "prototype-or-pipeline", cwd=life.tree)
    life.commit("Begin")
    life.push("1", "main")
    life.clock.hour(2)
    git("commit", "--quiet", "--amend", "--message=Begin again", cwd=life.tree)
    life.push("forced", "--force", "main", is_taken=False)
    git("reset", "--quiet", "--hard", "origin/main", cwd=life.tree)
    life.push("deleted", "--delete", "main", is_taken=False)
    life.clock.hour(3)
    key = open_brief(life.folder).brief.data.key
    (life.tree / "train.py").write_text(TRAIN)
    (life.tree / "predict.py").write_text(f"KEY = {key!r}\n{PREDICT}")
    toml = (life.tree / "submission.toml").read_text().replace("value = 0.0", "value = 0.76")
    lines = ['features = ["x"]' if line.startswith("features") else line for line in toml.splitlines()]
    (life.tree / "submission.toml").write_text("\n".join(lines).replace("not yet", "on a fifth of the rows") + "\n")
    life.run("second update", "update", "--done", "Rates by bins of x.", "--next", "Alerts.", cwd=life.tree)
    life.commit("Rates by bins of x")
    life.push("2", "main")


def work(life: Life) -> None:
    """Hours 30 to 49: a silence of 27 hours ends; scope is negotiated, feedback heard, time accommodated."""
    life.clock.hour(30)
    narrow = ("--narrowed", "Alerts on drift alone.", "--trade-offs", "Latency is not watched; the model gets tests.")
    life.run("propose", "rescope", *narrow, cwd=life.tree)
    life.run("third update", "update", "--done", "Looked at drift.", "--next", "Narrow the alerts.", cwd=life.tree)
    life.commit("Propose a narrower scope")
    life.push("3", "main")
    life.run("answer", "answer", "eval", NAME, 1, "A pipeline that is handed over.")
    setting = ("--set", "deliverables.monitoring=Alert rules for drift, with promtool tests.")
    life.run("accept", "rescope", "eval", NAME, 1, "--accept", "--why", "Drift matters most.", *setting)
    life.run("feedback", "feedback", "eval", NAME, "The README does not say how x is binned.", "--by", "rater")
    life.run("accommodate", "accommodate", "eval", NAME, 2, "--what", SECRET)
    life.run("interim", "interim", "eval", NAME)
    life.clock.hour(31)
    readme = life.tree / "README.md"
    readme.write_text(readme.read_text() + "\nx is binned in halves.\n")
    life.run("heard", "update", "--feedback", 1, "--done", "The README says how x is binned.", cwd=life.tree)
    life.commit("Say how x is binned")
    life.push("4", "main")
    life.clock.hour(40)
    life.run("fourth update", "update", "--done", "Alerts.", "--next", "Hand in.", cwd=life.tree)
    life.commit("Say where it stands")
    life.push("5", "main")
    life.clock.hour(49)
    (life.tree / "EXPERIMENTS.md").write_text((life.tree / "EXPERIMENTS.md").read_text() + EXPERIMENT)
    life.run("check", "check", ".", "--brief", "../kit", cwd=life.tree)
    life.commit("Log the runs")
    life.push("6", "main")


EXPERIMENT = "| bins | train.parquet | halves | roc_auc | 0.76 | 1 | 40 | | the one handed in |\n"


def hand_in(life: Life) -> None:
    """Three minutes after the end, which the accommodation put off by two hours."""
    life.clock.hour(50 + 3 / 60)
    git("tag", "submit", cwd=life.tree)
    life.push("submit", "submit")
    life.look("handed in")


def finish(life: Life) -> None:
    """The card, the reply by the page, the opening revealed, and both bundles."""
    life.run("grade", "grade", "eval", NAME)
    life.run("card", "card", "eval", NAME, "--json")
    form = urlencode({"line": "REP001", "text": "The lock is empty: it needs Python alone."}).encode()
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = life.ask("POST", f"/c/{NAME}/reply", "candidate", form, **kind)
    assert answer.status == 303, answer.text
    life.look("graded")
    shutil.copytree(life.folder, life.place / "graded")
    closed = life.run("close", "close", "eval", NAME)
    life.head = closed.out.partition("head ")[2].split()[0]
    life.push("after the end", "HEAD:refs/heads/more", is_taken=False)
    for kind_of_bundle in ("sealed", "open"):
        life.run(f"bundle {kind_of_bundle}", "bundle", "eval", NAME, "--kind", kind_of_bundle, "--out", kind_of_bundle)
        life.run(f"verify {kind_of_bundle}", "verify", kind_of_bundle, "--head", life.head, "--json")
    for viewer in ("organiser", "rater"):
        life.run(f"log {viewer}", "log", "eval", NAME, "--as", viewer)
    life.run("status", "status", "eval", NAME, "--json")
    life.events = Workspace(folder=life.folder).candidate(NAME).ledger.events()
    shutil.copytree(life.folder, life.place / "closed")
    life.look("closed")


def forget(life: Life) -> None:
    record = life.folder / "record" / NAME
    life.run("forget", "forget", "eval", NAME, "--why", "The retention date.", "--yes")
    shutil.copytree(record, life.place / "copied")
    life.run("verify what is left", "verify", "copied", "--head", life.head)
    life.look("forgotten")
    life.run("log of what is left", "log", "eval", NAME)
    life.run("status of what is left", "status", "eval")
