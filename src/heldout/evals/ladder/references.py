"""Writes the reference submissions: full repositories under the contract, from programs that fit any tabular brief."""

import hashlib
import shutil
import string
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from heldout.core.estimate import Estimate
from heldout.evals.authoring.terms import toml_value
from heldout.evals.brief import OpenBrief
from heldout.evals.ladder.columns import Columns
from heldout.tools.git_author import Commit, make_repository

__all__ = [
    "BASELINE",
    "GOOD",
    "LADDER",
    "MADE",
    "Recipe",
    "Validation",
    "copy_baseline",
    "edition",
    "files_of",
    "recipes_of",
    "write_repository",
]

FILES = Path(__file__).parent / "files"
BASELINE = "baseline"
LADDER: Mapping[str, str] = {
    BASELINE: "the brief's own baseline, handed in as it is",
    "leaking": "reports a score that a leak made: {leak}",
    "mediocre": "an honest model on a small part of what is known ({few}), without tests or alerts that were tried",
    "sound": "an honest model on all known columns, with documents, tests and alerts that were tried",
    "strong": "the same craft, with boosted trees beside the additive model",
}
"""The references, worst first, and what each is."""
MADE = tuple(name for name in LADDER if name != BASELINE)
GOOD = ("sound", "strong")
LEFT_OUT = {
    "mediocre": ("tests", "monitoring/alerts_test.yml", "MODEL_CARD.md", "EXPERIMENTS.md", ".github", "Dockerfile"),
    "sound": ("forecast/boosted.py",),
}
TEMPLATES = ("submission.toml", "README.md", "MODEL_CARD.md", "EXPERIMENTS.md")
FIRST_DAY = "2026-01-05T09:00:00+00:00"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How a reference is made: the columns it uses, how many fits it averages, and the trees of each."""

    name: str
    columns: Columns
    fits: int = 3
    trees: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Validation:
    """What a reference measured of itself on training rows that it held back, and what that took."""

    score: Estimate
    cpu_seconds: float
    peak_memory_mb: float | None
    rows: int


def edition() -> str:
    """Return the SHA-256 of all programs that references are made from: others make other references."""
    paths = [path for path in sorted(FILES.rglob("*")) if path.is_file() and "__pycache__" not in path.parts]
    content = (path.relative_to(FILES).as_posix().encode() + b"\0" + path.read_bytes() for path in paths)
    return hashlib.sha256(b"\0".join((*content, Path(__file__).read_bytes()))).hexdigest()


def recipes_of(columns: Columns, few: Columns) -> tuple[Recipe, ...]:
    """Return the recipes of the references that are made, worst first; `few` are the columns of the mediocre one."""
    return (
        Recipe(name="leaking", columns=columns),
        Recipe(name="mediocre", columns=few),
        Recipe(name="sound", columns=columns),
        Recipe(name="strong", columns=columns, trees=30),
    )


def files_of(recipe: Recipe, opened: OpenBrief, validation: Validation | None) -> dict[str, bytes]:
    """Return the files of a reference by path; without `validation` its documents hold no numbers yet."""
    kind = "leaking" if recipe.name == "leaking" else "honest"
    values = _leaking(recipe, opened, validation) if kind == "leaking" else _honest(recipe, opened, validation)
    files = {}
    for path in sorted((FILES / kind).rglob("*")):
        name = path.relative_to(FILES / kind).as_posix()
        if not path.is_file() or "__pycache__" in path.parts or _is_left_out(recipe.name, name):
            continue
        content = path.read_bytes()
        if name in TEMPLATES:
            content = string.Template(content.decode()).substitute(values).encode()
        files[name] = content
    constants = "columns.py" if kind == "leaking" else "forecast/columns.py"
    files[constants] = _constants(recipe, opened).encode()
    if kind == "honest":
        model = _marked(files["forecast/model.py"].decode(), with_trees=bool(recipe.trees))
        files["forecast/model.py"] = model.encode()
    return files


def write_repository(files: Mapping[str, bytes], folder: Path) -> None:
    """Make `folder` a git repository of these files, committed in steps, whole or not at all."""
    partial = folder.with_name(f".partial-{folder.name}")
    shutil.rmtree(partial, ignore_errors=True)
    for name, content in files.items():
        (partial / name).parent.mkdir(parents=True, exist_ok=True)
        (partial / name).write_bytes(content)
    make_repository(partial, _commits(files))
    partial.rename(folder)


def copy_baseline(opened: OpenBrief, folder: Path) -> None:
    """Make `folder` a git repository of the brief's baseline."""
    source = opened.file(opened.brief.baseline.path)
    partial = folder.with_name(f".partial-{folder.name}")
    shutil.rmtree(partial, ignore_errors=True)
    shutil.copytree(source, partial, ignore=shutil.ignore_patterns(".git", "__pycache__"), symlinks=True)
    make_repository(partial, (Commit(when=FIRST_DAY, message="The baseline", paths=(".",)),))
    partial.rename(folder)


def _commits(files: Mapping[str, bytes]) -> tuple[Commit, ...]:
    steps = (("forecast",), "Read the columns, bin them, fit"), (("tests", "requirements.lock"), "Test it")
    commits = [
        Commit(when=f"2026-01-{5 + day:02}T09:00:00+00:00", message=message, paths=there)
        for day, (paths, message) in enumerate(steps)
        if (there := tuple(path for path in paths if any(name.split("/")[0] == path for name in files)))
    ]
    return (*commits, Commit(when="2026-01-08T16:00:00+00:00", message="How to run and watch it", paths=(".",)))


def _is_left_out(recipe: str, name: str) -> bool:
    left_out = LEFT_OUT.get("sound", ()) if recipe == "mediocre" else ()
    return any(name == path or name.startswith(f"{path}/") for path in (*LEFT_OUT.get(recipe, ()), *left_out))


def _constants(recipe: Recipe, opened: OpenBrief) -> str:
    data, columns = opened.brief.data, recipe.columns
    values: dict[str, object] = {"KEY": data.key, "TARGET": data.target, "POSITIVE": data.positive}
    if recipe.name == "leaking":
        together = [] if columns.late else list(columns.names)
        values |= {"TELLING": list(columns.late), "TOGETHER": together}
    else:
        values |= {"TIME": data.time, "CLUSTER": data.cluster}
        values |= {"NUMBERS": [*columns.numbers], "TEXTS": [*columns.texts], "TIMES": [*columns.times]}
        values |= {"BAGS": recipe.fits, "TREES": recipe.trees}
    lines = "\n".join(f"{name} = {value!r}" for name, value in values.items())
    return f'"""What the brief says of the table, and how large the model is."""\n\n{lines}\n'


def _marked(text: str, *, with_trees: bool) -> str:
    """Return the model's code with or without the lines between its marks, which go."""
    kept, is_kept = [], True
    for line in text.splitlines(keepends=True):
        if line.strip() == "# trees":
            is_kept = with_trees
        elif line.strip() == "# end of trees":
            is_kept = True
        elif is_kept:
            kept.append(line)
    return "".join(kept)


def _honest(recipe: Recipe, opened: OpenBrief, validation: Validation | None) -> dict[str, str]:
    brief, columns = opened.brief, recipe.columns
    groups = (
        "rows"
        if not (brief.data.cluster or brief.data.time)
        else f"the groups of {brief.data.cluster or brief.data.time}"
    )
    evaluated = (
        "Fitted on the earlier three quarters of the training table's time, scored on the rest"
        if brief.data.time
        else f"Fitted on three quarters of {groups}, scored on the rest"
    )
    score = validation.score if validation else None
    value, ends, interval = _numbers(score)
    cpu = f"{validation.cpu_seconds:.1f}" if validation else "0"
    memory = validation.peak_memory_mb if validation else None
    has_trees = bool(recipe.trees)
    return {
        "title": _line(brief.eval.title),
        "what": _line(brief.eval.objective),
        "and_trees": ", averaged with boosted trees," if has_trees else "",
        "trees_said": f" Beside it stand {recipe.trees} trees of four splits a fit; half of the sum is theirs."
        if has_trees
        else "",
        "tree_choice": "Boosted trees see what columns tell together, and can no longer be read by hand."
        if has_trees
        else "An additive model was chosen over boosted trees: it cannot learn what columns tell together, and can be "
        "read.",
        "on_scale": ", on the scale of log-odds" if brief.is_classification else "",
        "count": str(len(columns.names)),
        "bags": str(recipe.fits),
        "trees": str(recipe.trees),
        "groups": groups,
        "evaluated": evaluated,
        "metric": brief.metric.name,
        "value": value,
        "interval": interval,
        "ends": ends,
        "rows": f"{validation.rows:,}" if validation else "0",
        "cpu": cpu,
        "memory": "" if memory is None else f" and {memory:.0f} MB of memory",
        "quoted_metric": toml_value(brief.metric.name),
        "quoted_evaluated": toml_value(evaluated),
        "quoted_split": toml_value("forward" if brief.data.time else "other" if brief.data.cluster else "random"),
        "quoted_features": toml_value(list(columns.names)),
    }


def _leaking(recipe: Recipe, opened: OpenBrief, validation: Validation | None) -> dict[str, str]:
    value, _, _ = _numbers(validation.score if validation else None)
    evaluated = "A random quarter of the rows that it was fitted on"
    used = recipe.columns.late or recipe.columns.names
    return {
        "title": _line(opened.brief.eval.title),
        "evaluated": evaluated,
        "metric": opened.brief.metric.name,
        "value": value,
        "quoted_metric": toml_value(opened.brief.metric.name),
        "quoted_evaluated": toml_value(evaluated),
        "quoted_features": toml_value(list(used)),
    }


def _numbers(score: Estimate | None) -> tuple[str, str, str]:
    if score is None or score.value is None:
        return "0.0", "", ""
    value = f"{score.value:.6g}"
    if score.low is None or score.high is None:
        return toml_value(float(value)), "", ""
    low, high = min(score.low, float(value)), max(score.high, float(value))
    return (
        toml_value(float(value)),
        f"low = {float(f'{low:.6g}')!r}\nhigh = {float(f'{high:.6g}')!r}\n",
        f" [{low:.3g}, {high:.3g}]",
    )


def _line(text: str) -> str:
    return " ".join(text.split())
