"""Finds calls of the program that draw at random without a seed."""

import ast
from collections.abc import Iterable

from heldout.core.check import check
from heldout.core.entry_points import named_notebooks, program_files
from heldout.core.estimate import Measure, counted
from heldout.core.finding import Answer, Certainty, Witness, caution, clear, not_applicable, problem
from heldout.core.python_source import mentions, syntax_tree
from heldout.core.random_draws import Draw, Seeding, draws, seeded
from heldout.core.repository import Repository, shown

VARIABLE = "HELDOUT_SEED"
"""The variable by which a grader gives its seed."""

WORDS = (b"random", b"seed", b"torch", b"sklearn", b"imblearn", b".sample")
"""A file without any of these neither draws nor seeds in a way that is known."""

MINIMUM_EFFECT = 1
"""Calls that draw without a seed."""

SHOWN = 10
"""At most this many calls are shown."""


@check("REP006")
def draws_without_seed(repository: Repository) -> Answer:
    """Find calls that draw at random without a seed.

    ## Why it matters
    A model that is drawn anew with each run cannot be had twice; nobody can tell a better model from a luckier one.

    ## Example
    `train_test_split(table)` without `random_state`: each run fits on other rows, and the reported score is one draw.

    ## What to do
    Read the seed once, `seed = int(os.environ.get("HELDOUT_SEED", "0"))`, and hand it to each call that draws:
    `np.random.default_rng(seed)`, `random_state=seed`, `torch.manual_seed(seed)`.

    ## Limits
    It reads the Python files behind the commands of submission.toml (where none is known, all but tests), at most
    2,000, not notebooks, and knows the draws of random, numpy, torch, scikit-learn, imbalanced-learn and pandas. A
    seed that is handed over counts, whatever it is; a global generator counts as seeded when any of these files
    seeds it. Arguments that are unpacked (`**options`) are unknown and said. Whether a call runs, and whether its
    draw matters, is not known, so it is a suspicion: REP001 measures it. That everything is seeded and nothing
    reads {VARIABLE} is a caution. It promises to find {MINIMUM_EFFECT} call; at most {SHOWN} are shown.
    """
    paths = program_files(repository)
    trees = {path: syntax_tree(repository, path) for path in paths}
    read = {path: tree for path, tree in trees.items() if isinstance(tree, ast.Module)}
    if not read:
        return not_applicable("No Python file of the program could be read.")
    drawing = {path: tree for path, tree in read.items() if any(word in repository.files[path] for word in WORDS)}
    generators = {name for tree in drawing.values() for name in seeded(tree)}
    found = [(path, draw) for path, tree in drawing.items() for draw in draws(tree)]
    free = [(path, draw) for path, draw in found if _is_free(draw, generators)]
    unknown = sum(draw.seeding is Seeding.UNKNOWN for _, draw in found)
    measures = (
        Measure(name="calls that draw without a seed", estimate=counted(len(free), n=max(len(found), 1)), unit="calls"),
        Measure(name="calls that draw", estimate=counted(len(found), n=len(read)), unit="calls"),
    )
    notes = [f"calls whose arguments are unpacked: {unknown}"] if unknown else []
    notes += [f"files that could not be read: {len(trees) - len(read)}"] if len(read) < len(trees) else []
    said = f"; {'; '.join(notes)}" if notes else ""
    if free:
        path, draw = free[0]
        return problem(
            f"Calls that draw at random without a seed: {len(free)} of {len(found)}, such as {shown(draw.name, 60)} in "
            f"{shown(path, 80)}{said}.",
            Certainty.SUSPECT,
            to_do=f"Read {VARIABLE} once, and hand it to each call that draws.",
            measures=measures,
            witnesses=[
                Witness(kind="file", where=path, line=draw.line, note=shown(draw.name, 60))
                for path, draw in free[:SHOWN]
            ],
        )
    if notebooks := named_notebooks(repository):
        return caution(
            f"Whether the program draws without a seed is not known: notebooks are not read, such as "
            f"{shown(notebooks[0], 80)}{said}.",
            to_do="Look at the notebook's calls that draw by hand.",
            measures=measures,
        )
    if not found:
        return clear(f"No call that draws at random was found; Python files: {len(read)}{said}.", measures=measures)
    each = "The 1 call that draws" if len(found) == 1 else f"Each of {len(found)} calls that draw"
    if repository.submission and not _reads_variable(repository, read.values()):
        claim = f"{each} has a seed, and no file of the program reads {VARIABLE}{said}."
        return caution(
            claim, to_do=f"Take the seed from {VARIABLE}, so that other seeds can be tried.", measures=measures
        )
    return clear(f"{each} has a seed{said}.", measures=measures)


def _is_free(draw: Draw, generators: set[str]) -> bool:
    return draw.seeding is Seeding.NONE and draw.generator not in generators


def _reads_variable(repository: Repository, trees: Iterable[ast.Module]) -> bool:
    """Tell whether the program, its commands or a script reads the variable."""
    scripts = [repository.text(path) or "" for path in repository.matching(".sh", ".bash", "makefile")]
    commands = [word for phase in ("train", "predict") for word in repository.command(phase)]
    return any(VARIABLE in text for text in (*scripts, *commands)) or any(
        text == VARIABLE for tree in trees for _, text in mentions(tree)
    )
