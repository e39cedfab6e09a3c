"""What CI would run is read from GitHub workflows and GitLab CI, local parts put in place, and nothing is run."""

import pytest
from tests.repositories import repository_of

from heldout.checks.reproducibility.ci_does_not_test import ci_does_not_test
from heldout.core.finding import Ending
from heldout.core.repository import Repository
from heldout.core.repository_evidence import CiConfig
from heldout.engine import run
from heldout.tools.ci_config import ci_config

WORKFLOW = """
on: {on}
jobs:
  test:
    steps:
      - uses: actions/checkout@v4
      - run: pip install -r requirements.lock
      - run: {test}
"""


def read(**files: str) -> CiConfig:
    return ci_config(repository_of({"requirements.lock": "", **files}))


def ending(**files: str) -> Ending:
    return run([ci_does_not_test], {"ci_config": read(**files)})[0].ending


def github(test: str, on: str = "push") -> dict[str, str]:
    return {".github/workflows/a.yml": WORKFLOW.format(on=on, test=test)}


@pytest.mark.parametrize("on", ["push", "[push, pull_request]", "{push: {branches: [main]}, workflow_dispatch: }"])
@pytest.mark.parametrize("test", ["pytest -q", "python -m unittest", "cd a && tox", "python tests/run.py"])
def test_a_workflow_that_installs_the_lock_and_tests_with_each_push_is_clear(on: str, test: str) -> None:
    assert ending(**github(test, on)) is Ending.CLEAR


@pytest.mark.parametrize(
    "files",
    [
        {},
        github("pytest", "workflow_dispatch"),
        github("pytest", "{schedule: [{cron: 0 0 * * *}]}"),
        github("pytest || true"),
        github("ruff check ."),
        github("pip install pytest"),
        github("pytest\n        continue-on-error: true"),
        github("pytest\n        if: false"),
        github("pytest\n    if: ${{ false }}"),
        github("pytest\n    continue-on-error: true"),
        {".github/workflows/a.yml": "on: push\njobs: {a: {steps: [{run: pip install .}, {run: pytest}]}}\n"},
        {".gitlab-ci.yml": "test: {when: manual, script: [pip install -r requirements.lock, pytest]}\n"},
        {".gitlab-ci.yml": "test: {allow_failure: true, script: [pip install -r requirements.lock, pytest]}\n"},
        {".gitlab-ci.yml": "lint: {script: [pip install -r requirements.lock, ruff check]}\n"},
    ],
)
def test_what_does_not_start_test_or_install_the_lock_is_a_problem(files: dict[str, str]) -> None:
    assert ending(**files) is Ending.PROBLEM


@pytest.mark.parametrize(
    "files",
    [
        {**github("make test"), "Makefile": "test: lint\n\t@pytest -q\nlint:\n\truff check\n"},
        {**github("./ci/test.sh"), "ci/test.sh": "set -e\npytest\n"},
        {
            ".github/workflows/a.yml": "on: push\njobs: {a: {steps: [{uses: ./.github/actions/b}, {run: pytest}]}}\n",
            ".github/actions/b/action.yml": "runs: {steps: [{run: pip install -r requirements.lock}]}\n",
        },
        {
            ".github/workflows/a.yml": "on: push\njobs: {a: {uses: ./.github/workflows/b.yml}}\n",
            ".github/workflows/b.yml": WORKFLOW.format(on="workflow_call", test="pytest"),
        },
        {
            ".gitlab-ci.yml": "default: {before_script: [[pip install -r requirements.lock]]}\n"
            ".base: {script: pytest}\nunit: {extends: .base}\n"
        },
        {".github/workflows/a.yml": "on: push\njobs: {a: {steps: [{run: uv run pytest}]}}\n", "uv.lock": ""},
    ],
)
def test_targets_scripts_actions_and_templates_of_the_repository_are_followed(files: dict[str, str]) -> None:
    assert ending(**files) is Ending.CLEAR


def test_what_lies_elsewhere_is_unknown_and_said() -> None:
    found = read(**{".github/workflows/a.yml": "on: push\njobs: {a: {uses: org/ci/.github/workflows/t.yml@v1}}\n"})
    assert found.jobs[0].unknown == ("org/ci/.github/workflows/t.yml@v1",)
    (finding,) = run([ci_does_not_test], {"ci_config": found})
    assert "not looked into: org/ci" in finding.answer.claim
    assert ending(Jenkinsfile="node {}") is Ending.CAUTION
    assert ending(**{".github/workflows/a.yml": "on: [push\n"}) is Ending.CAUTION


def test_the_lock_is_the_one_that_the_contract_names() -> None:
    repository = Repository(commit="0", files={"requirements.txt": b""}, submission={"build": {"lock": "./a.lock"}})
    assert ci_config(repository).locks == ("a.lock",)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "3\n",
        "on: push\njobs: [1, 2]\n",
        "on: {1: 2}\njobs: {a: 3, b: {steps: 4}, c: {steps: [5, {run: [6]}]}}\n",
        "on: push\njobs: {a: {uses: ./.github/workflows/a.yml}}\n",
        "a: {extends: a, script: pytest}\nb: {extends: [c, [d]], rules: [1]}\ninclude: {remote: x}\n",
        "a: {script: [" + "[" * 25 + "]" * 25 + "]}\n",
        "a: {before_script: 3}\ndefault: 4\n",
    ],
)
def test_configuration_of_another_shape_is_no_crash(text: str) -> None:
    for name in (".github/workflows/a.yml", ".gitlab-ci.yml"):
        (finding,) = run([ci_does_not_test], {"ci_config": read(**{name: text})})
        assert finding.ending is not Ending.CRASHED


def test_commands_that_name_one_script_ever_again_cost_one_reading_of_it() -> None:
    read_texts: list[str] = []

    class Counted(Repository):
        def text(self, path: str) -> str | None:
            read_texts.append(path)
            return self.files[path].decode()

    lines = "".join(f"          {'a.sh ' * 49}\n" for _ in range(400))
    jobs = "".join(f"  j{number}: *j\n" for number in range(5))
    workflow = f"on: push\njobs:\n  j: &j\n    steps:\n      - run: |\n{lines}{jobs}"
    files = {"a.sh": b"echo\n" * 400, ".github/workflows/a.yml": workflow.encode()}
    found = ci_config(Counted(commit="0", files=files))

    assert [len(job.commands) for job in found.jobs] == [500] * 6
    assert read_texts.count("a.sh") == 6
