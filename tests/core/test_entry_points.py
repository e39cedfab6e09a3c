import pytest
from tests.repositories import repository_of

from heldout.core.entry_points import entry_files, module_of, named_notebooks, program_files, reached

SCRIPTS = '[project]\nscripts = {fit = "pkg.train:main"}\n'


@pytest.mark.parametrize(
    ("command", "files", "starts"),
    [
        (["python", "train.py", "--fast"], {"train.py": ""}, ["train.py"]),
        (["python", "./src/train.py"], {"src/train.py": ""}, ["src/train.py"]),
        (["/env/bin/python", "/work/train.py"], {"train.py": ""}, ["train.py"]),
        (["python", "-u", "-m", "pkg.train"], {"src/pkg/train.py": ""}, ["src/pkg/train.py"]),
        (["python", "-m", "pkg"], {"pkg/__main__.py": ""}, ["pkg/__main__.py"]),
        (["sh", "run.sh"], {"run.sh": "set -e\npython -m pkg.a && python b.py # c.py\n", "pkg/a.py": "", "b.py": ""},
         ["pkg/a.py", "b.py"]),
        (["bash", "-c", "python a.py > log"], {"a.py": ""}, ["a.py"]),
        (["make", "train"], {"Makefile": "train: data\n\t@python a.py\ndata:\n\tpython b.py\n", "a.py": "", "b.py": ""},
         ["b.py", "a.py"]),
        (["fit"], {"pyproject.toml": SCRIPTS, "pkg/train.py": ""}, ["pkg/train.py"]),
        (["fit"], {"pyproject.toml": "[project\n", "pkg/train.py": ""}, []),
        (["sh", "a.sh"], {"a.sh": "sh a.sh\npython 'x.py\n", "x.py": ""}, []),
        (["python", "-m", "numpy.distutils"], {"a.py": ""}, []),
        ([], {"a.py": ""}, []),
    ],
)  # fmt: skip
def test_the_files_that_a_command_starts_are_followed_through_scripts_and_makefiles(command, files, starts):
    assert list(entry_files(repository_of(files, train=command), "train")) == starts


def test_what_they_import_is_reached_also_inside_functions_and_once():
    files = {
        "train.py": "from pkg import a\n\ndef main():\n    import pkg.b\n",
        "pkg/__init__.py": "",
        "pkg/a.py": "from . import c\n",
        "pkg/b.py": "import train\n",
        "pkg/c.py": "(",
        "pkg/d.py": "",
    }
    found = reached(repository_of(files), ["train.py"])
    assert list(found) == ["train.py", "pkg/a.py", "pkg/b.py", "pkg/c.py"]
    assert isinstance(found["pkg/c.py"], str)


def test_without_a_command_the_program_is_all_but_tests():
    files = {"a.py": "", "tests/test_a.py": "", "conftest.py": "", ".venv/lib/b.py": "", "pkg/c_test.py": ""}
    assert program_files(repository_of(files)) == ("a.py",)


def test_modules_and_notebooks_are_named():
    assert [module_of(path) for path in ("src/a/b.py", "a/__main__.py", "c.py")] == ["a.b", "a", "c"]
    repository = repository_of({}, train=["papermill", "a.ipynb"], predict=["sh", "-c", "jupyter execute b.ipynb"])
    assert named_notebooks(repository) == ("a.ipynb", "b.ipynb")
