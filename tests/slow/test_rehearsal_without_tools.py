"""A rehearsal on a machine that has neither bubblewrap nor promtool: a Python of its own, and git alone on PATH."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.app import rehearsed
from tests.practice.rehearsal.rules import RIGHT

pytestmark = pytest.mark.slow
PROGRAM = """
import sys, typer
from heldout.cli import main, practice_rehearse
practice = typer.Typer()
practice.callback()(lambda: None)
practice_rehearse.register(practice)
sys.modules["heldout.cli.main"].app.registered_groups = [
    one for one in sys.modules["heldout.cli.main"].app.registered_groups if one.name != "practice"
]
sys.modules["heldout.cli.main"].app.add_typer(practice, name="practice")
main()
"""


class Machine:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.python = folder / "venv" / "bin" / "python"
        version = f"python{sys.version_info.major}.{sys.version_info.minor}"
        packages = folder / "venv" / "lib" / version / "site-packages"
        packages.mkdir(parents=True)
        self.python.parent.mkdir()
        self.python.symlink_to(Path(sys.base_prefix) / "bin" / "python3")
        (folder / "venv" / "pyvenv.cfg").write_text(f"home = {Path(sys.base_prefix) / 'bin'}\n")
        ours = [path for path in sys.path if path.endswith(("site-packages", "/src"))]
        source = Path(sys.modules["heldout"].__file__ or "").parents[1]
        (packages / "all.pth").write_text("\n".join([str(source), *ours]) + "\n")
        (folder / "bin").mkdir()
        git = shutil.which("git")
        assert git
        (folder / "bin" / "git").symlink_to(git)

    def run(self, *given: str) -> subprocess.CompletedProcess[str]:
        variables = {"PATH": str(self.folder / "bin"), "HOME": str(self.folder), "COLUMNS": "200", "LANG": "C.UTF-8"}
        command = [str(self.python), "-c", PROGRAM, "practice", "rehearse", *given]
        return subprocess.run(
            command, cwd=self.folder, env=variables, capture_output=True, text=True, check=False, timeout=300
        )


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    machine = Machine(tmp_path_factory.mktemp("machine"))
    brief = rehearsed.write_brief(machine.folder / "brief")
    started = machine.run(str(brief), "--seed", "5")
    assert started.returncode == 0, started.stderr
    assert "isolation: Level 0: your code is graded without a sandbox" in started.stdout
    rehearsed.commit(machine.folder / "rehearsal" / "work", rehearsed.work())
    return machine


def test_the_alerts_are_parsed_and_that_is_said(machine: Machine) -> None:
    assert machine.run("--monitoring").returncode == 0
    rules = machine.folder / "rehearsal" / "monitoring" / "alerts.yml"
    rules.write_text(RIGHT)
    judged = machine.run("--monitoring")
    assert judged.returncode == 0, judged.stderr
    assert "the rules were parsed, and not run" in judged.stdout
    assert "told in time" not in judged.stdout
    rules.write_text(RIGHT.replace("[5m]) > 3.5", "[5m] > 3.5"))
    refused = machine.run("--monitoring")
    assert refused.returncode == 1
    assert "refused: alerts.yml" in refused.stdout


def test_the_work_is_graded_as_ones_own_process_and_the_card_says_so(machine: Machine) -> None:
    done = machine.run("--hand-in", "--json")
    assert done.returncode == 0, done.stderr
    card = json.loads(done.stdout)["card"]
    assert card["decision"]["band"] == "target"
    assert card["isolation"].startswith("Level 0: no sandbox.")
    assert "Such a card is practice, and no evidence." in card["isolation"]
