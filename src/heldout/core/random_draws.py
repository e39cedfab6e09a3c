"""The calls of a Python source that draw at random, and whether they are given a seed."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from heldout.core.python_calls import calls

__all__ = ["Draw", "Seeding", "draws", "seeded"]


class Seeding(Enum):
    """Whether a call is given a seed; UNKNOWN where its arguments are unpacked."""

    GIVEN = "given"
    NONE = "none"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """A call that draws: its full name and line, its seed, and the global generator that it uses without one ("")."""

    name: str
    line: int
    seeding: Seeding
    generator: str = ""


NEW_GENERATORS = frozenset(
    {
        "numpy.random.default_rng",
        "numpy.random.RandomState",
        "numpy.random.SeedSequence",
        "numpy.random.PCG64",
        "numpy.random.MT19937",
        "numpy.random.Philox",
        "numpy.random.SFC64",
        "random.Random",
    }
)
NUMPY = re.compile(
    r"numpy\.random\.(?:rand|randn|randint|random|random_sample|ranf|sample|choice|shuffle|permutation|bytes|normal|"
    r"uniform|standard_normal|beta|binomial|exponential|gamma|poisson|lognormal|laplace|multinomial|"
    r"multivariate_normal|dirichlet|geometric|logistic|pareto|standard_[a-z]+|triangular|weibull)"
)
PYTHON = re.compile(
    r"random\.(?:random|randint|randrange|choice|choices|shuffle|sample|uniform|gauss|normalvariate|betavariate|"
    r"expovariate|triangular|getrandbits)"
)
TORCH = re.compile(
    r"torch\.(?:rand|randn|randint|randperm|rand_like|randn_like|bernoulli|multinomial|normal|"
    r"utils\.data\.random_split|nn\.init\.\w+)"
)
SKLEARN = re.compile(
    r"(?:sklearn|imblearn)\.(?:\w+\.)*(?:train_test_split|resample|shuffle|permutation_importance|"
    r"(?:Stratified|Group)?ShuffleSplit|StratifiedShuffleSplit|Repeated(?:Stratified)?KFold|RandomizedSearchCV|"
    r"HalvingRandomSearchCV|RandomForest\w+|ExtraTrees\w*|Bagging\w+|MLP\w+|IsolationForest|\w*KMeans|"
    r"RandomTreesEmbedding|make_(?:classification|regression|blobs|moons|circles)|\w*SMOTE\w*|RandomOverSampler|"
    r"RandomUnderSampler|ADASYN|TSNE|TruncatedSVD)"
)
SHUFFLED = re.compile(r"sklearn\.(?:\w+\.)*(?:Stratified|StratifiedGroup)?KFold")
SEEDERS = {
    "numpy": re.compile(r"numpy\.random\.seed"),
    "random": re.compile(r"random\.seed"),
    "torch": re.compile(r"torch\.(?:random\.)?manual_seed"),
}
ALL_SEEDERS = re.compile(r"(?:.*\.)?(?:seed_everything|set_seed|set_random_seed|seed_all)")


def draws(tree: ast.Module) -> Iterator[Draw]:
    """Yield the calls that draw from a generator of random, numpy, torch, scikit-learn, imbalanced-learn or pandas."""
    for name, call in calls(tree):
        keywords = {keyword.arg for keyword in call.keywords}
        if name in NEW_GENERATORS:
            yield _draw(name, call, "seed", positional=True)
        elif NUMPY.fullmatch(name):
            yield Draw(name=name, line=call.lineno, seeding=Seeding.NONE, generator="numpy")
        elif PYTHON.fullmatch(name):
            yield Draw(name=name, line=call.lineno, seeding=Seeding.NONE, generator="random")
        elif TORCH.fullmatch(name):
            yield _draw(name, call, "generator", generator="torch")
        elif SKLEARN.fullmatch(name) or (SHUFFLED.fullmatch(name) and "shuffle" in keywords):
            yield _draw(name, call, "random_state", generator="numpy")
        elif name == ".sample" and keywords & {"frac", "n"}:
            yield _draw("DataFrame.sample", call, "random_state", generator="numpy")


def seeded(tree: ast.Module) -> set[str]:
    """Return which global generators a source seeds, with a value that is there: "numpy", "random", "torch"."""
    found: set[str] = set()
    for name, call in calls(tree):
        if any(not _is_none(value) for value in (*call.args, *(keyword.value for keyword in call.keywords))):
            found |= {generator for generator, seeder in SEEDERS.items() if seeder.fullmatch(name)}
            found |= set(SEEDERS) if ALL_SEEDERS.fullmatch(name) else set()
    return found


def _draw(name: str, call: ast.Call, keyword: str, *, generator: str = "", positional: bool = False) -> Draw:
    given = [item.value for item in call.keywords if item.arg == keyword] + (call.args[:1] if positional else [])
    unpacked = any(item.arg is None for item in call.keywords) or any(isinstance(arg, ast.Starred) for arg in call.args)
    is_given = any(not _is_none(value) for value in given)
    seeding = Seeding.GIVEN if is_given else Seeding.UNKNOWN if unpacked else Seeding.NONE
    return Draw(name=name, line=call.lineno, seeding=seeding, generator=generator)


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
