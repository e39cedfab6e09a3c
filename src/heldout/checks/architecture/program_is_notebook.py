"""Finds a submission whose program is a notebook."""

import ast
import json
import re
from collections.abc import Iterator

from heldout.core.check import check
from heldout.core.estimate import Estimate, Measure, counted, undefined
from heldout.core.finding import Answer, Certainty, Witness, clear, not_applicable, problem
from heldout.core.python_source import mentions, syntax_tree
from heldout.core.repository import Repository, shown

RUNNERS = {"nbformat", "nbclient", "nbconvert", "papermill", "jupyter", "IPython", "runipy"}
"""Packages and programs that run notebooks, or read them in order to."""

MOST_FILES = 200
"""At most this many files are followed from the commands."""

MINIMUM_EFFECT = 1
"""Commands that run a notebook."""

NAMED = re.compile(r"[\w./-]{1,300}")


@check("ARC001")
def program_is_notebook(repository: Repository) -> Answer:
    """Find a train or predict command that runs a notebook.

    ## Why it matters
    Cells can be run in any order and leave their state behind; a notebook is hard to test, to review and to reuse.
    It is good for finding out, and poor for running every night.

    ## Example
    `python run.py solution.ipynb`, where run.py executes the cells one after another. Cell 3 was last run after
    cell 7, so the number in the notebook is not the number that a run from the top gives.

    ## What to do
    Move the code into modules with functions; keep the notebook for the story, and let it import them.

    ## Limits
    It follows the commands of submission.toml to files that they name, and on to local modules and files that those
    name, up to {MOST_FILES} files. Proven where a command names a notebook; strong where a followed file names one
    and imports a package that runs notebooks; suspect where it only names one. A notebook that was
    turned into a script is a script. It promises to find {MINIMUM_EFFECT} command.
    """
    commands = {phase: " ".join(argv) for phase in ("train", "predict") if (argv := repository.command(phase))}
    if not commands:
        return not_applicable("submission.toml names no train and no predict command.")
    found = [(phase, *_notebook(repository, argv)) for phase, argv in commands.items()]
    running = [item for item in found if item[1]]
    measures = (
        Measure(name="commands that run a notebook", estimate=counted(len(running), n=len(found)), unit="commands"),
    )
    if not running:
        return clear(f"No notebook was found behind the commands to {' and '.join(commands)}.", measures=measures)
    certainty = max((item[2] for item in running), key=lambda certainty: certainty.rank)
    phases = " and ".join(phase for phase, *_ in running)
    notebooks = sorted({item[1] for item in running})
    orders = [
        Measure(name=f"cells run out of order in {name}", estimate=_out_of_order(repository, name), unit="share")
        for name in notebooks[:3]
    ]
    return problem(
        f"The program to {phases} is a notebook: {shown(notebooks[0])}.",
        certainty,
        to_do="Move the code into modules with functions, and call these from the train and predict commands.",
        measures=(*measures, *orders),
        witnesses=[Witness(kind="file", where=where, line=line, note=note) for *_, where, line, note in running],
    )


def _notebook(repository: Repository, command: str) -> tuple[str, Certainty, str, int | None, str]:
    """Return the notebook that a command leads to, how sure that is, and where it stands; "" for none."""
    if direct := [word for word in NAMED.findall(command) if word.endswith(".ipynb")]:
        return direct[0], Certainty.PROVEN, "submission.toml", None, shown(command)
    found: tuple[str, Certainty, str, int | None, str] = ("", Certainty.SUSPECT, "", None, "")
    waiting, seen = list(_files(repository, command)), set[str]()
    while waiting and len(seen) < MOST_FILES:
        path = waiting.pop(0)
        if path in seen:
            continue
        seen.add(path)
        named = tuple(_mentions(repository, path))
        runs = any(RUNNERS & set(re.split(r"\W+", text)) for _, text in named)
        for line, text in named:
            waiting += _files(repository, text)
            if text.endswith(".ipynb") and (runs or not found[0]):
                certainty = Certainty.STRONG if runs else Certainty.SUSPECT
                found = (text, certainty, path, line, f"names {shown(text)}")
        if found[1] is Certainty.STRONG:
            break
    return found


def _mentions(repository: Repository, path: str) -> Iterator[tuple[int, str]]:
    """Yield (line, word) of what a file names: in Python by its imports and strings, else by all its words."""
    tree = syntax_tree(repository, path) if path.endswith(".py") else None
    lines = enumerate((repository.text(path) or "").splitlines(), start=1) if tree is None else ()
    found = mentions(tree) if isinstance(tree, ast.Module) else ((line, text.split("#")[0]) for line, text in lines)
    yield from ((line, word) for line, text in found for word in NAMED.findall(text))


def _files(repository: Repository, text: str) -> Iterator[str]:
    """Yield the files of the repository that words may name, as paths or as modules; notebooks are not followed."""
    for word in NAMED.findall(text):
        module = word.replace(".", "/")
        for path in (word.removeprefix("./"), f"{module}.py", f"src/{module}.py", f"{module}/__main__.py"):
            if path in repository.files and not path.endswith((".ipynb", ".md", ".lock", ".toml")):
                yield path


def _out_of_order(repository: Repository, name: str) -> Estimate:
    """Return the share of the executed cells that were last run before one above them."""
    method = "counted by execution_count"
    try:
        notebook = json.loads(repository.text(name.removeprefix("./")) or "")
        counts = [cell.get("execution_count") for cell in notebook["cells"]]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return undefined("the notebook cannot be read", n=0, method=method)
    runs = [count for count in counts if isinstance(count, int)]
    if not runs:
        return undefined("no cell says when it was run", n=0, method=method)
    late = sum(count < max(runs[:place], default=count) for place, count in enumerate(runs))
    return counted(late / len(runs), n=len(runs), method=method)
