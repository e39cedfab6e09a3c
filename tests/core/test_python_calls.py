import ast

from heldout.core.python_calls import calls
from heldout.core.python_shape import functions, shape, size
from heldout.core.random_draws import Seeding, draws, seeded

SOURCE = """
import numpy as np, os.path
import numpy.random
from numpy import random as npr
from sklearn.model_selection import train_test_split as part

np.random.rand(3)
numpy.random.rand(3)
npr.rand(3)
part(x)
table.sample(frac=1)
os.path.join("a")
helper()
(lambda: 1)()
"""


def test_calls_are_named_by_what_was_imported():
    assert [name for name, _ in calls(ast.parse(SOURCE))] == [
        "numpy.random.rand",
        "numpy.random.rand",
        "numpy.random.rand",
        "sklearn.model_selection.train_test_split",
        ".sample",
        "os.path.join",
        "helper",
    ]


def seeding(call: str, imports: str = "import numpy as np, random, torch, sklearn.model_selection as ms") -> list[str]:
    return [draw.seeding.value for draw in draws(ast.parse(f"{imports}\n{call}"))]


def test_a_seed_is_given_by_a_value_and_not_by_none():
    for call in ("np.random.default_rng(s)", "np.random.default_rng(seed=3)", "ms.train_test_split(x, random_state=s)",
                 "random.Random(1)", "torch.randn(3, generator=g)", "df.sample(n=3, random_state=1)",
                 "ms.KFold(5, shuffle=True, random_state=s)"):  # fmt: skip
        assert seeding(call) == ["given"], call
    for call in ("np.random.default_rng()", "np.random.default_rng(None)", "ms.train_test_split(x, random_state=None)",
                 "random.random()", "torch.randn(3)", "df.sample(frac=1)", "np.random.shuffle(x)",
                 "ms.KFold(5, shuffle=True)"):  # fmt: skip
        assert seeding(call) == ["none"], call
    assert seeding("ms.train_test_split(x, **options)") == [Seeding.UNKNOWN.value]


def test_what_does_not_draw_is_no_draw():
    for call in ("ms.KFold(5)", "rng.normal()", "random.seed(3)", "urn.sample(3)", "np.random.seed(1)", "torch.sum(x)"):
        assert seeding(call) == []


def test_global_generators_are_seeded_by_a_value():
    def found(call: str) -> set[str]:
        return seeded(ast.parse(f"import numpy as np, random, torch, pytorch_lightning as pl\n{call}"))

    assert found("np.random.seed(s)") == {"numpy"}
    assert found("random.seed()") == set()
    assert found("random.seed(None)") == set()
    assert found("torch.manual_seed(0)") == {"torch"}
    assert found("pl.seed_everything(3)") == {"numpy", "random", "torch"}


def shaped(source: str) -> str:
    (function,) = functions(ast.parse(source))
    return shape(function)


def test_a_shape_forgets_names_words_and_annotations_and_keeps_what_is_done():
    one = 'def a(table: int, n=3) -> int:\n    """Words."""\n    x = table["y"] + n\n    return x\n'
    assert shaped(one) == shaped('@cached\ndef b(t, k=3):\n    z = t["y"] + k\n    return z\n')
    for other in (one.replace("y", "z"), one.replace("+", "-"), one.replace("n=3", "n=4"), one.replace("x\n", "n\n")):
        assert shaped(one) != shaped(other)


def test_the_size_leaves_words_out_and_is_bounded():
    (short,) = functions(ast.parse('def a():\n    """Many words."""\n    return 1\n'))
    assert size(short) == 2
    (long,) = functions(ast.parse("def a():\n" + "    x = 1\n" * 20_000))
    assert size(long) == 5_000
    assert len(shape(long)) < 1_000_000
