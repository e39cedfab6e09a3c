"""Finds code that makes features for training and stands a second time in the code that predicts."""

import ast
from collections.abc import Iterator, Mapping

from heldout.core.check import check
from heldout.core.entry_points import entry_files, reached
from heldout.core.estimate import Measure, counted
from heldout.core.finding import Answer, Certainty, Witness, clear, not_applicable, problem
from heldout.core.plural import how_many
from heldout.core.python_shape import Function, functions, shape, size
from heldout.core.repository import Repository, shown

SMALLEST = 25
"""Nodes of a function's syntax tree below which equal functions say nothing."""

USUAL = frozenset({"main", "run", "cli", "parse_args", "parse_arguments", "get_args", "setup_logging"})
"""Names that each program has for itself."""

MINIMUM_EFFECT = 1
"""Functions written twice."""

TO_DO = "Move the code that makes features into one module, and let training and predicting import it."


@check("ARC004")
def features_written_twice(repository: Repository) -> Answer:
    """Ask whether training and predicting make their features by the same code.

    ## Why it matters
    Two copies of one function are equal until somebody mends one of them. From then on the model is asked about other
    columns than it learned from: training and serving see the same thing differently, and no test fails.

    ## Example
    `train.py` and `predict.py` each have a function `encode`. In March the one in train.py learns to fill gaps; the
    one in predict.py does not.

    ## What to do
    One module that both import: `features.py` with `encode(table)`. What is learned from the training rows (means,
    levels) goes into the model's file.

    ## Limits
    It follows the train and predict commands of submission.toml by imports. Functions are alike when their syntax
    trees are the same but for docstrings, annotations and the names of local variables; those with fewer than
    {SMALLEST} nodes, and those called {USUAL}, are left out. A copy that names a column (a text as an index or
    argument) is strong, any other copy a suspicion; that the two sides share no module is a suspicion too. One
    function suffices ({MINIMUM_EFFECT}). Code in notebooks or outside of functions is not compared.
    """
    entries = {phase: entry_files(repository, phase) for phase in ("train", "predict")}
    if not all(entries.values()):
        missing = " and ".join(phase for phase, files in entries.items() if not files)
        return not_applicable(f"No Python file was found behind the command to {missing}.")
    sides = {phase: reached(repository, files) for phase, files in entries.items()}
    shared = sides["train"].keys() & sides["predict"].keys()
    own = {
        phase: dict(_compared({path: tree for path, tree in side.items() if path not in shared}))
        for phase, side in sides.items()
    }
    twice = sorted(own["train"].keys() & own["predict"].keys(), key=lambda key: own["train"][key][0])
    least = min(len(own["train"]), len(own["predict"]))
    measures = (
        Measure(name="functions written twice", estimate=counted(len(twice), n=max(least, 1)), unit="functions"),
        Measure(
            name="modules that training and predicting share",
            estimate=counted(len(shared), n=len(sides["train"].keys() | sides["predict"].keys())),
            unit="files",
        ),
    )
    if twice:
        pairs = [(own["train"][key], own["predict"][key]) for key in twice]
        naming = [pair for pair in pairs if _names_a_column(pair[0][2])]
        (path, _, function), (other, *_) = (naming or pairs)[0]
        return problem(
            f"Functions that stand both in the code that trains and in the code that predicts: {len(twice)}, such as "
            f"{shown(function.name, 60)} in {shown(path, 80)} and {shown(other, 80)}.",
            Certainty.STRONG if naming else Certainty.SUSPECT,
            to_do=TO_DO,
            measures=measures,
            witnesses=[
                Witness(kind="file", where=place, line=at, note=shown(found.name, 60))
                for pair in (naming or pairs)[:5]
                for place, at, found in pair
            ],
        )
    holding = [path for path in sorted(shared) if isinstance(tree := sides["train"][path], ast.Module) and tree.body]
    if not holding:
        claim = "The code that trains and the code that predicts share no module."
        return problem(claim, Certainty.SUSPECT, to_do=TO_DO, measures=measures)
    modules = how_many(len(holding), "module")
    claim = f"Training and predicting share {modules}, such as {shown(holding[0])}; none is written twice."
    return clear(claim, measures=measures, witnesses=[Witness(kind="file", where=path) for path in holding[:5]])


def _compared(side: Mapping[str, ast.Module | str]) -> Iterator[tuple[str, tuple[str, int, Function]]]:
    for path, tree in side.items():
        for function in functions(tree) if isinstance(tree, ast.Module) else ():
            if function.name not in USUAL and size(function) >= SMALLEST:
                yield shape(function), (path, function.lineno, function)


def _names_a_column(function: Function) -> bool:
    for node in ast.walk(function):
        texts = [node.slice] if isinstance(node, ast.Subscript) else node.args if isinstance(node, ast.Call) else []
        if any(isinstance(text, ast.Constant) and isinstance(text.value, str) for text in texts):
            return True
    return False
