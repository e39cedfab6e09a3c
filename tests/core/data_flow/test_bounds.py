import pytest

from heldout.core.data_flow import read_flows
from heldout.core.repository import Repository

HEAD = """import pandas as pd
from sklearn.preprocessing import StandardScaler
from sklearn.model_selection import train_test_split
from sklearn.linear_model import Ridge
df = pd.read_csv("a.csv")
"""


def reading(text):
    return read_flows(Repository(commit="0", files={"a.py": text.encode()}))


HOSTILE = {
    "loops in loops": HEAD
    + "".join(f"{'    ' * deep}for a{deep} in df:\n" for deep in range(18))
    + "    " * 18
    + "df = df + 1\n",
    "calls that fan out": HEAD
    + "def f0(x):\n    return StandardScaler().fit_transform(x)\n"
    + "".join(f"def f{n}(x):\n    return f{n - 1}(f{n - 1}(f{n - 1}(x)))\n" for n in range(1, 12))
    + "f11(df)\n",
    "recursion": HEAD + "def f(x):\n    return g(x)\ndef g(x):\n    return f(x)\nf(df)\n",
    "a chain of methods": HEAD + "df = df" + ".drop('a')" * 400 + "\n",
    "lists in lists": HEAD + "x = " + "[" * 90 + "]" * 90 + "\n",
    "branches in branches": HEAD + "".join(f"{' ' * deep}if a{deep}:\n" for deep in range(90)) + " " * 90 + "pass\n",
    "a class of itself": "class A(A):\n    def fit(self, x):\n        return super().fit(x)\nA().fit(1)\n",
    "a long sum": "x = " + " + ".join(["1"] * 5000) + "\n",
    "ten thousand lines": HEAD + "".join(f"x{n} = {n}\n" for n in range(10_000)),
    "many parts": HEAD + "df = pd.concat([" + ",".join(f"pd.read_csv('{n}')" for n in range(500)) + "])\n",
    "itself in itself": "a = []\na.append(a)\nb = {}\nb['b'] = b\nfor c in b:\n    b[c] = b\n",
    "yield of yields": "def f():\n    yield from f()\nfor x in f():\n    pass\n",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_programs_are_followed_to_a_bound_and_raise_nothing(name):
    found = reading(HOSTILE[name])
    assert found.files or found.unread
    assert not found.leaks


def test_what_was_not_followed_to_its_end_is_said():
    assert reading(HOSTILE["calls that fan out"] + "a, b = train_test_split(f11(df))\n").unknown
    assert reading(HEAD + "x = " + "[" * 190 + "]" * 190 + "\n").unknown
    assert reading(HOSTILE["recursion"] + "a, b = train_test_split(f(df))\n").unknown
    assert reading(HOSTILE["a long sum"]).unread


def test_a_leak_at_the_end_of_a_long_file_is_found():
    filler = "".join(f"x{n} = {n}\n" for n in range(5_000))
    leak = "X = StandardScaler().fit_transform(df)\na, b = train_test_split(X)\nm = Ridge().fit(a)\nprint(m.score(b))\n"
    (found,) = reading(HEAD + filler + leak).leaks
    assert found.path[0][0].line == 5_006


def test_the_same_files_give_the_same_reading_in_any_order():
    files = {
        "a.py": (HEAD + "X = StandardScaler().fit_transform(df)\n").encode(),
        "b.py": b"import a\n",
        "c.ipynb": b"{",
    }
    one = read_flows(Repository(commit="0", files=files))
    two = read_flows(Repository(commit="1", files=dict(reversed(files.items()))))
    assert one == two
