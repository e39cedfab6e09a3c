import pytest
from tests.repositories import asked

from heldout.checks.documentation.readme_commands_missing import readme_commands_missing
from heldout.core.finding import Certainty, Ending

FILES = {"train.py": "", "pkg/a.py": "", "Makefile": "test:\n\tpytest\n", "sub/b.py": "", "r.txt": "", "a.yml": ""}


def found(*commands):
    return asked(readme_commands_missing, {**FILES, "README.md": "```\n" + "\n".join(commands) + "\n```\n"})


@pytest.mark.parametrize(
    "command",
    ["python gone.py", "python -m pkg.gone", "make gone", "sh gone.sh", "./gone", "pip install -r gone.txt",
     "promtool check rules gone.yml", "cd sub && python train_b.py"],
)  # fmt: skip
def test_a_command_that_names_what_is_gone_is_a_suspicion_with_its_line(command):
    finding = found("python train.py", command)
    assert finding.certainty is Certainty.SUSPECT
    assert [witness.line for witness in finding.answer.witnesses] == [3]


@pytest.mark.parametrize(
    "commands",
    [
        ["python train.py", "python -m pkg.a", "make test", "pip install -r r.txt", "promtool check rules a.yml"],
        ["cd sub", "python b.py"],
        ["curl -o gone.sh https://example.org", "sh gone.sh", "python train.py"],
        ["python YOUR_SCRIPT.py", "python path/to/x.py", "python <file>.py", "python /abs/x.py", "python train.py"],
        ["python -m pytest", "python -m venv .venv", "make", "make X=1", "python train.py"],
        ["python -c 'import gone'", "uv run python train.py"],
    ],
)
def test_what_is_there_made_or_a_placeholder_is_clear(commands):
    assert found(*commands).ending is Ending.CLEAR


@pytest.mark.parametrize(
    "text", ["No commands.\n", "```python\npython gone.py\n```\n", b"\xff\x00", "`" * 90_000, "    " * 90_000]
)
def test_a_readme_without_commands_is_not_asked(text):
    assert asked(readme_commands_missing, {**FILES, "README.md": text}).ending is Ending.NOT_APPLICABLE
    assert asked(readme_commands_missing, FILES).ending is Ending.NOT_APPLICABLE
