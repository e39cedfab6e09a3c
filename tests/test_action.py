"""The GitHub Action and the pre-commit hook: valid, safe in what they hand to a shell, and run for real."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
EXAMPLE = ROOT / "examples" / "ci"


def action() -> dict[str, Any]:
    found = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


def step(name: str) -> dict[str, Any]:
    (found,) = [step for step in action()["runs"]["steps"] if step["name"] == name]
    assert isinstance(found, dict)
    return found


def run(*command: object, cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}", "COLUMNS": "120"} | environment
    return subprocess.run(
        list(map(str, command)), cwd=cwd, env=environment, capture_output=True, text=True, timeout=300, check=False
    )


def test_the_action_keeps_to_the_schema_of_actions() -> None:
    ran = run(BIN / "check-jsonschema", "--builtin-schema", "vendor.github-actions", "action.yml")
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_no_expression_is_pasted_into_a_shell_and_every_action_is_pinned_to_a_commit() -> None:
    steps = action()["runs"]["steps"]
    assert not [step["name"] for step in steps if "${{" in step.get("run", "")]
    used = [step["uses"] for step in steps if "uses" in step]
    assert used
    assert all(re.fullmatch(r"[\w.-]+/[\w.-]+@[0-9a-f]{40}", use) for use in used)


def test_every_input_is_used_and_every_output_has_its_step() -> None:
    text = (ROOT / "action.yml").read_text(encoding="utf-8")
    for name in action()["inputs"]:
        assert f"inputs.{name}" in text
    script = step("Audit")["run"]
    for name, output in action()["outputs"].items():
        assert output["value"] == f"${{{{ steps.audit.outputs.{name} }}}}"
        assert f'echo "{name}=$' in script


@pytest.fixture
def audited(tmp_path: Path) -> Any:
    """Run the step that audits as a runner does, and return (outputs, summary, stdout, stderr)."""

    def audit(
        config: str = "", args: str = "", since: str = "", cwd: Path = EXAMPLE
    ) -> tuple[dict[str, str], str, str]:
        script = tmp_path / "step.sh"
        script.write_text(step("Audit")["run"], encoding="utf-8")
        for name in ("output", "summary"):
            (tmp_path / name).write_text("")
        ran = run(
            *("bash", "--noprofile", "--norc", "-eo", "pipefail", script),
            cwd=cwd,
            RUNNER_TEMP=str(tmp_path),
            GITHUB_OUTPUT=str(tmp_path / "output"),
            GITHUB_STEP_SUMMARY=str(tmp_path / "summary"),
            HELDOUT_CONFIG=config,
            HELDOUT_ARGS=args,
            HELDOUT_SINCE=since,
        )
        assert ran.returncode == 0, ran.stderr
        outputs = dict(line.split("=", 1) for line in (tmp_path / "output").read_text().splitlines())
        return outputs, (tmp_path / "summary").read_text(), ran.stdout + ran.stderr

    return audit


def test_the_step_audits_what_the_settings_say(audited: Any, tmp_path: Path) -> None:
    outputs, summary, _ = audited("heldout.toml")
    assert outputs == {"exit-code": "0", "verdict": "clear", "report": f"{tmp_path}/heldout-report"}
    assert summary.startswith("### Audit of customers.csv for churned: caution\n")
    assert {path.name for path in Path(outputs["report"]).iterdir()} == {
        *("report.html", "report.md", "report.json", "junit.xml")
    }


def test_arguments_are_taken_line_by_line_and_never_as_code(audited: Any, tmp_path: Path) -> None:
    args = f'customers.csv\n--target\nchurned\n--select\nLEK001\n--na\n$(touch {tmp_path}/owned) `id` "; exit 0\n'
    outputs, _, _ = audited(args=args)
    assert (outputs["exit-code"], outputs["verdict"]) == ("1", "problem")
    assert not (tmp_path / "owned").exists()
    baseline = tmp_path / "baseline.json"
    baseline.write_text((Path(outputs["report"]) / "report.json").read_text())
    assert audited(args=args, since=str(baseline))[0]["verdict"] == "clear"
    outputs, _, told = audited(args=args, since="none.json")
    assert outputs["verdict"] == "problem"
    assert "::notice::There is no baseline yet" in told


def test_bad_input_is_told_and_leaves_no_report_of_an_earlier_run(audited: Any) -> None:
    audited("heldout.toml")
    outputs, summary, told = audited("none.toml")
    assert (outputs["exit-code"], outputs["verdict"]) == ("2", "bad-input")
    assert summary == "Heldout came to no verdict (bad-input, exit code 2); the log says why.\n"
    assert "settings cannot be read" in told
    assert not Path(outputs["report"]).exists()


@pytest.mark.parametrize("code", ["0", "1", "4"])
def test_the_last_step_exits_as_the_audit_did(code: str) -> None:
    script = step("Exit as the audit did")["run"]
    assert run("bash", "-eo", "pipefail", "-c", script, HELDOUT_EXIT_CODE=code).returncode == int(code)


def test_the_hook_is_valid_and_fails_a_commit_as_the_audit_does(tmp_path: Path) -> None:
    manifest = ROOT / ".pre-commit-hooks.yaml"
    assert run(BIN / "pre-commit", "validate-manifest", manifest).returncode == 0
    (hook,) = yaml.safe_load(manifest.read_text(encoding="utf-8"))
    assert (hook["id"], hook["pass_filenames"]) == ("heldout-audit", False)
    for name in ("customers.csv", "heldout.toml"):
        (tmp_path / name).write_bytes((EXAMPLE / name).read_bytes())
    # the same hook, from PATH: as `language: python` it would install this repository from its remote
    config = {"repos": [{"repo": "local", "hooks": [hook | {"language": "system"}]}]}
    (tmp_path / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config))
    run("git", "init", "-q", ".", cwd=tmp_path)
    run("git", "add", ".", cwd=tmp_path)
    home = {"PRE_COMMIT_HOME": str(tmp_path / "home")}
    passed = run(BIN / "pre-commit", "run", "--all-files", cwd=tmp_path, **home)
    assert passed.returncode == 0, passed.stdout
    settings = (tmp_path / "heldout.toml").read_text()
    (tmp_path / "heldout.toml").write_text(settings.replace("2099-12-31", "2020-01-31"))
    failed = run(BIN / "pre-commit", "run", "--all-files", cwd=tmp_path, **home)
    assert failed.returncode == 1
    assert "The acceptance expired on 2020-01-31" in failed.stdout
