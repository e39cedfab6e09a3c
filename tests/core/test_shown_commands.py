from tests.repositories import repository_of

from heldout.core.shown_commands import Command, named_files, shown_commands

TEXT = """
Use `python a.py --fast`, or `code`.

```console
$ X=1 uv run python b.py \\
    --n 3 && ./c.sh
out
```

```python
python = "no command"
```

    (env) $ .venv/bin/python3.12 -m pkg.d | tee log

1. a list
    python e.py
"""


def test_commands_are_read_from_blocks_of_shell_indented_ones_and_code_in_a_line():
    found = [(command.line, command.program, command.words[1:]) for command in shown_commands(TEXT)]
    assert found == [
        (2, "python", ("a.py", "--fast")),
        (5, "python", ("b.py", "--n", "3")),
        (5, "c.sh", ()),
        (7, "out", ()),
        (14, "python", ("-m", "pkg.d")),
        (14, "tee", ("log",)),
    ]


def names(*words, **files):
    return named_files(repository_of({"pkg/a.py": "", **files}), Command(line=1, words=words))


def test_what_a_command_names_is_where_it_may_be():
    assert names("python", "x.py", "y.py") == [("x.py",)]
    assert "src/pkg/b.py" in names("python", "-m", "pkg.b")[0]
    assert names("python", "-m", "pytest") == []
    assert names("pip", "install", "-r", "r.txt", "-r", "s.txt") == [("r.txt",), ("s.txt",)]
    assert names("promtool", "test", "rules", "a.yml") == [("a.yml",)]
    assert names("./run", "x") == [("./run",)]
    assert names("ls", "x.py") == []
    assert names("make", "test", "N=3", Makefile="test:\n\tpytest\n") == [("Makefile",)]
    assert names("make", "lint", Makefile="test:\n\tpytest\n") == [("make lint",)]
    assert names("make", "lint", Makefile="include x.mk\n") == []
