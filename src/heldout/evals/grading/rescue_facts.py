"""What a program does with its rows, as plain facts about its functions: what a rescue is judged by.

They are made without the key, so that whatever parses a submission never sees it.
"""

import ast
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from heldout.core.data_flow import read_flows
from heldout.core.entry_points import program_files
from heldout.core.python_calls import calls, dotted, imported_names
from heldout.core.python_shape import Function, shape
from heldout.core.python_source import mentions, syntax_tree
from heldout.core.repository import Repository

__all__ = ["Facts", "FunctionFacts", "facts_of", "line_hash"]

MOST_FILES, MOST_LINES, MOST_TEXTS, LONGEST_TEXT = 200, 2_000, 5_000, 200
SPLITTERS = frozenset({"train_test_split"})
DRAWS = frozenset({"shuffle", "permutation", "permuted", "sample", "choice", "choices", "randint", "randrange"})
DRAWS |= {"random", "rand", "uniform", "train_test_split", "KFold", "StratifiedKFold", "ShuffleSplit"}
FITS, TRANSFORMS = frozenset({".fit", ".fit_transform"}), frozenset({".transform", ".fit_transform"})


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionFacts:
    """One function, or a file's own statements under an empty name.

    `shape` is a hash of what it does; `splits`, `fits` and `transforms` are the lines of such calls, `fits_on_part`
    those of fits on what came out of a split of the same function; `fitted` and `transformed` are the names of what is
    handed over, `called` and `draws` the last names of functions that are called, and of those that draw at random.
    """

    path: str
    name: str
    shape: str
    splits: tuple[int, ...] = ()
    fits: tuple[int, ...] = ()
    fits_on_part: tuple[int, ...] = ()
    fitted: tuple[str, ...] = ()
    transformed: tuple[str, ...] = ()
    called: tuple[str, ...] = ()
    draws: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """The program behind the commands: functions, the `texts` that its code quotes, the features that it reports.

    `unread` are files without a syntax tree. `leaks` are codes of leaks that the data flow found; `is_followed` tells
    that it saw a learner fitted, and rows split or scored, and could follow all of it. `lines` are hashes of lines by
    path.
    """

    functions: tuple[FunctionFacts, ...]
    texts: tuple[str, ...]
    features: tuple[str, ...]
    unread: tuple[str, ...]
    leaks: tuple[str, ...]
    is_followed: bool
    lines: Mapping[str, tuple[str, ...]]


def facts_of(repository: Repository) -> Facts:
    """Return the facts of a repository, in bounded size."""
    paths = program_files(repository)[:MOST_FILES]
    trees = {path: syntax_tree(repository, path) for path in paths}
    parsed = {path: tree for path, tree in trees.items() if isinstance(tree, ast.Module)}
    own = {node.name for tree in parsed.values() for node in ast.walk(tree) if isinstance(node, Function)}
    texts = {text for tree in parsed.values() for _, text in mentions(tree) if len(text) <= LONGEST_TEXT}
    reading = read_flows(repository)
    return Facts(
        functions=tuple(
            _function(path, *one, own, imported_names(tree))
            for path, tree in parsed.items()
            for one in _functions(tree)
        ),
        texts=tuple(sorted(texts)[:MOST_TEXTS]),
        features=_features(repository),
        unread=tuple(path for path in paths if path not in parsed),
        leaks=tuple(sorted({leak.code for leak in reading.leaks})),
        is_followed=bool((reading.splits or reading.scores) and reading.fits)
        and not (reading.unknown or reading.unread),
        lines={path: _lines(repository, path) for path in repository.files if path in parsed or "/" not in path},
    )


def line_hash(line: str) -> str:
    """Return a short hash of a line without the blanks around it."""
    return hashlib.sha256(line.strip().encode("utf-8", "replace")).hexdigest()[:12]


def _lines(repository: Repository, path: str) -> tuple[str, ...]:
    return tuple(line_hash(line) for line in (repository.text(path) or "").splitlines()[:MOST_LINES])


def _features(repository: Repository) -> tuple[str, ...]:
    reported = (repository.submission or {}).get("reported")
    named = reported.get("features") if isinstance(reported, Mapping) else None
    return tuple(str(name) for name in named) if isinstance(named, list | tuple) else ()


def _functions(tree: ast.Module) -> Iterator[tuple[str, Sequence[ast.stmt]]]:
    """Yield functions and methods ("Scaler.fit") with their bodies, and what stands outside of them."""
    outside: list[ast.stmt] = []
    for node in tree.body:
        if isinstance(node, Function):
            yield node.name, [node]
        elif isinstance(node, ast.ClassDef):
            yield from ((f"{node.name}.{one.name}", [one]) for one in node.body if isinstance(one, Function))
        else:
            outside.append(node)
    yield "", outside


def _function(path: str, name: str, body: Sequence[ast.stmt], own: set[str], names: Mapping[str, str]) -> FunctionFacts:
    module = ast.Module(body=list(body), type_ignores=[])
    found = [(full, call) for full, call in calls(module, names) if full]
    splits = [call for full, call in found if _is_split(full, own)]
    fits = [call for full, call in found if full in FITS]
    parts = _made_of(module, splits)
    return FunctionFacts(
        path=path,
        name=name,
        shape=_hash(shape(body[0]) if body and isinstance(body[0], Function) else ast.dump(module)),
        splits=tuple(sorted(call.lineno for call in splits)),
        fits=tuple(sorted(call.lineno for call in fits)),
        fits_on_part=tuple(sorted(call.lineno for call in fits if _names(call.args[:1]) & parts)),
        fitted=_handed(fits),
        transformed=_handed([call for full, call in found if full in TRANSFORMS]),
        called=tuple(sorted({full.rpartition(".")[2] for full, _ in found if not full.startswith(".")})),
        draws=tuple(sorted({full.rpartition(".")[2] for full, _ in found} & DRAWS)),
    )


def _is_split(full: str, own: set[str]) -> bool:
    """Tell whether a call splits rows; a method called split is that of a text, unless a module has that name."""
    last = full.rpartition(".")[2]
    if full.startswith(".") and last == "split":
        return False
    return last in SPLITTERS or ("split" in last.lower() and last in own)


def _made_of(module: ast.Module, made_by: Sequence[ast.Call]) -> set[str]:
    """Return the names of what is assigned from these calls, and from that again."""
    wanted = {id(call) for call in made_by}
    statements = [node for node in ast.walk(module) if isinstance(node, ast.Assign | ast.AnnAssign)]
    found: set[str] = set()
    for _ in range(3):
        for node in statements:
            value = node.value
            if value is None:
                continue
            is_made = any(id(one) in wanted for one in ast.walk(value)) or _names([value]) & found
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found |= _names(targets) if is_made else set()
    return found


def _names(nodes: Sequence[ast.AST]) -> set[str]:
    return {one.id for node in nodes for one in ast.walk(node) if isinstance(one, ast.Name)}


def _handed(found: Sequence[ast.Call]) -> tuple[str, ...]:
    return tuple(sorted({dotted(call.args[0]) for call in found if call.args} - {""}))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]
