"""The guide to CI: its commands are run, and everything that can be copied from it is valid where it is pasted."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from tests.pages import ROOT, examples, run_examples

from heldout.app.config import AuditSection, read_config

GUIDE = ROOT / "docs" / "guide" / "ci.md"
BIN = Path(sys.executable).parent
BLOCK = re.compile(r"```(?:yaml|toml)\n# (\S+)\n(.*?)```", re.DOTALL)
CHECKED_BY = {
    "audit.yml": ["check-jsonschema", "--builtin-schema", "vendor.github-workflows"],
    ".gitlab-ci.yml": ["check-jsonschema", "--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci"],
    ".pre-commit-config.yaml": ["pre-commit", "validate-config"],
}


def blocks() -> dict[str, str]:
    return {Path(name).name: text for name, text in BLOCK.findall(GUIDE.read_text(encoding="utf-8"))}


def test_every_command_of_the_guide_prints_what_the_guide_says(tmp_path: Path) -> None:
    assert len(examples(GUIDE)) >= 4
    ended = run_examples(GUIDE, tmp_path, links=("examples",))
    assert {code for _, code in ended} == {0}


@pytest.mark.parametrize("name", CHECKED_BY)
def test_what_is_pasted_into_ci_is_valid_there(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text(blocks()[name], encoding="utf-8")
    program, *options = CHECKED_BY[name]
    ran = subprocess.run(
        [BIN / program, *options, path], cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_the_settings_of_the_guide_are_read_and_explain_every_key(tmp_path: Path) -> None:
    text = blocks()["heldout.toml"]
    path = tmp_path / "heldout.toml"
    path.write_text(text, encoding="utf-8")
    assert read_config(path).accepts[0].column == "account_state"
    explained = set(re.findall(r"^(?:# )?(\w+) += .*# \S", text, re.MULTILINE))
    assert {field.alias or name for name, field in AuditSection.model_fields.items()} <= explained
