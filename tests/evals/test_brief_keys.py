"""Each key of a brief made wrong in turn: refused with the key, its line, what was expected and how to mend it.

The keys come from the published schema, so that none is forgotten.
"""

import copy
import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from heldout.core.errors import BadInput
from heldout.core.lift import LiftScale, LiftTarget
from heldout.evals import brief_schema
from heldout.evals.authoring.brief_text import brief_text
from heldout.evals.authoring.terms import Terms, Window
from heldout.evals.brief import open_brief

TERMS = Terms(
    title="Late or not",
    objective="Say which rows are late.",
    kind="drift",
    level="mid",
    key="id",
    time="day",
    cluster="day",
    target="late",
    positive=1,
    rows_without_label="There are none.",
    known=("x", "day"),
    metric="roc_auc",
    direction="higher",
    lift=LiftTarget(scale=LiftScale.RELATIVE, minimum=0.02, target=0.05),
    window=Window(hours=48, cadence=10),
    epsilon=1e-6,
    has_feedback=True,
)
HASHES = dict.fromkeys(("data/train", "data/feedback", "data/final", "answers/feedback", "answers/final"), "0" * 64)
SCHEMA = json.loads(json.dumps(brief_schema()))
NOT_WRITTEN = {
    ("reproducibility", "delta"): 0.005,
    ("answers", "feedback", "path"): "a",
    ("answers", "final", "path"): "a",
    ("decision",): {
        "pass_score": 0.2,
        "target_score": 0.5,
        "multiplier": 1.0,
        "floor": dict.fromkeys(("architecture", "reproducibility", "monitoring", "collaboration"), "mid"),
        "points": {"junior": 0.0, "mid": 0.3, "senior": 0.7, "staff": 1.0},
    },
    ("decision", "deductions"): [{"name": "late", "points": 0.1, "when": "handed in after the grace"}],
    ("amendments",): [{"version": 2, "narrowed": "no dashboard", "tradeoffs": "less to see", "accepted": "2026-03-02"}],
}
"""Optional keys that `heldout eval new` does not write, with a value for them."""

Path_ = tuple[str, ...]


def resolved(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """Follow references, and take the part of a union that is no null."""
    for part in schema.get("anyOf", ()):
        if part.get("type") != "null" and "$ref" in part:
            return resolved(part)
    if "$ref" in schema:
        return resolved(SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]])
    return schema


def keys(schema: Mapping[str, Any], path: Path_ = ()) -> Iterator[tuple[Path_, Mapping[str, Any], bool]]:
    """Yield every key with its schema, and whether it must be there."""
    for name, part in schema["properties"].items():
        inner = resolved(part)
        yield (*path, name), inner, name in schema.get("required", ())
        if inner.get("type") == "object":
            yield from keys(inner, (*path, name))


EVERY = list(keys(resolved(SCHEMA)))
LEAVES = [(path, schema) for path, schema, _ in EVERY if schema.get("type") != "object"]
NEEDED = [path for path, _, is_needed in EVERY if is_needed]
SECTIONS = [(), *(path for path, schema, _ in EVERY if schema.get("type") == "object")]


def valid() -> dict[str, Any]:
    values = tomllib.loads(brief_text(TERMS, HASHES))
    for path, value in NOT_WRITTEN.items():
        table(values, path[:-1])[path[-1]] = copy.deepcopy(value)
    return values


def table(values: dict[str, Any], path: Path_) -> dict[str, Any]:
    for name in path:
        values = values[name]
    return values


def written(values: Mapping[str, Any], path: Path_ = ()) -> str:
    """Write plain values as TOML: a table's own keys first, its tables after."""
    inner = {name: value for name, value in values.items() if isinstance(value, dict)}
    lines = [f"[{'.'.join(path)}]"] if path else []
    lines += [f"{name} = {literal(value)}" for name, value in values.items() if name not in inner]
    return "\n".join([*lines, *(written(value, (*path, name)) for name, value in inner.items())])


def literal(value: Any) -> str:
    """Write a value; a table within a list on one line."""
    if isinstance(value, list):
        return f"[{', '.join(literal(one) for one in value)}]"
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{name} = {literal(one)}' for name, one in value.items())} }}"
    return json.dumps(value)


def refusal(values: Mapping[str, Any], folder: Path) -> tuple[BadInput, list[str]]:
    path = folder / "brief.toml"
    text = written(values)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput) as raised:
        open_brief(path)
    return raised.value, text.splitlines()


def stands(error: BadInput, lines: list[str], path: Path_) -> None:
    """Hold a refusal to its contract: one screen, the key, the line where it or its table stands, a way out."""
    key, _, line = error.where.partition(", line ")
    assert key == ".".join(path) or key.startswith(".".join(path) + "."), str(error)  # a part of a union, an item
    if line:
        shown = lines[int(line) - 1]
        assert re.match(rf"{re.escape(path[-1])} =", shown) or shown.startswith("["), shown
    assert "docs/guide/eval.md" in error.mend
    assert len(str(error).splitlines()) <= 5


def test_the_brief_that_is_made_wrong_is_right(tmp_path: Path) -> None:
    (tmp_path / "brief.toml").write_text(written(valid()), encoding="utf-8")
    assert open_brief(tmp_path).brief.eval.kind == "drift"


def test_every_key_of_the_schema_is_in_it() -> None:
    values = valid()
    assert len(LEAVES) > 60
    for path, _ in LEAVES:
        assert path[-1] in table(values, path[:-1]), path


@pytest.mark.parametrize("path", NEEDED, ids=".".join)
def test_a_key_that_is_missing_is_named(path: Path_, tmp_path: Path) -> None:
    values = valid()
    del table(values, path[:-1])[path[-1]]
    error, lines = refusal(values, tmp_path)
    assert f"{'.'.join(path)} is missing" in error.what
    stands(error, lines, path)
    assert error.mend.startswith(f"add {path[-1]}")


@pytest.mark.parametrize("path", SECTIONS, ids=".".join)
def test_a_key_that_nobody_knows_is_named(path: Path_, tmp_path: Path) -> None:
    values = valid()
    table(values, path)["surprise"] = 1
    error, lines = refusal(values, tmp_path)
    assert "unknown key" in error.what
    stands(error, lines, (*path, "surprise"))
    assert error.expected


def wrong_type(schema: Mapping[str, Any]) -> Any:
    """Return a value of a type that the key does not take."""
    kinds = {part.get("type") for part in schema.get("anyOf", (schema,))}
    if "array" in kinds:
        return "text"
    return ["a", 1] if kinds & {"string", "boolean"} else "text"


@pytest.mark.parametrize(("path", "schema"), LEAVES, ids=[".".join(path) for path, _ in LEAVES])
def test_a_value_of_another_type_is_named(path: Path_, schema: Mapping[str, Any], tmp_path: Path) -> None:
    values = valid()
    table(values, path[:-1])[path[-1]] = wrong_type(schema)
    error, lines = refusal(values, tmp_path)
    stands(error, lines, path)
    assert error.expected


def beyond(schema: Mapping[str, Any]) -> Iterator[Any]:
    """Yield values of the right type that are out of the key's range."""
    for part in schema.get("anyOf", (schema,)):
        step = 1 if part.get("type") == "integer" else 0.001
        edges = {"minimum": -step, "exclusiveMinimum": 0, "maximum": step, "exclusiveMaximum": 0}
        yield from (part[edge] + beside for edge, beside in edges.items() if edge in part)
        wrong = {"enum": "something else", "pattern": "no such form", "minLength": "", "minItems": []}
        yield from (value for limit, value in wrong.items() if limit in part)
        if part.get("type") == "array" and "enum" in resolved(part.get("items", {})):
            yield ["something else"]


RANGED = [(path, value) for path, schema in LEAVES for value in beyond(schema)]


@pytest.mark.parametrize(("path", "value"), RANGED, ids=[f"{'.'.join(path)}={value!r}"[:60] for path, value in RANGED])
def test_a_value_out_of_range_is_named(path: Path_, value: Any, tmp_path: Path) -> None:
    values = valid()
    table(values, path[:-1])[path[-1]] = value
    error, lines = refusal(values, tmp_path)
    stands(error, lines, path)
    assert error.expected


def test_nearly_every_key_has_a_range_that_is_tried() -> None:
    tried = {path for path, _ in RANGED}
    free = {".".join(path) for path, _ in LEAVES if path not in tried}
    assert free <= {"data.positive"} | {".".join(path) for path in NOT_WRITTEN}


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        (("eval", "kind"), "lift", "the section drift is for the kind drift"),
        (("lift", "target"), 0.01, "below lift.minimum"),
        (("lift", "target"), 3.0, "cannot be reached"),
        (("metric", "direction"), "lower", "higher is better"),
        (("rubric", "monitoring"), 0.9, "sum to 1.6"),
        (("data", "known_at_prediction"), ["late"], "holds the target"),
        (("bands", "order"), ["fail", "pass"], "names each band once"),
        (("decision", "points", "mid"), 0.9, "fall from a level to a higher one"),
        (("decision", "target_score"), 0.1, "below decision.pass_score"),
        (("decision", "deductions"), [{"name": "a", "points": 0, "when": "b"}] * 2, "a name twice"),
    ],
)
def test_values_that_do_not_go_together_are_named(path: Path_, value: Any, says: str, tmp_path: Path) -> None:
    values = valid()
    table(values, path[:-1])[path[-1]] = value
    error, _ = refusal(values, tmp_path)
    assert says in error.what
    assert "docs/guide/eval.md" in error.mend


@pytest.mark.parametrize(
    ("key", "value"), [("version", 1), ("narrowed", ""), ("tradeoffs", 3), ("accepted", None), ("surprise", "text")]
)
def test_a_wrong_key_of_an_amendment_is_named(key: str, value: Any, tmp_path: Path) -> None:
    values = valid()
    if value is None:
        del values["amendments"][0][key]
    else:
        values["amendments"][0] = {**values["amendments"][0], key: value}
    error, _ = refusal(values, tmp_path)
    assert error.where.startswith("amendments")
    assert key in str(error)


@pytest.mark.parametrize("which", ["data", "answers"])
def test_feedback_rows_and_their_answers_come_together(which: str, tmp_path: Path) -> None:
    values = valid()
    del values[which]["feedback"]
    assert "come together" in refusal(values, tmp_path)[0].what


@pytest.mark.parametrize(
    ("key", "value"), [("name", ""), ("points", 1.1), ("points", "few"), ("when", None), ("surprise", "text")]
)
def test_a_wrong_key_of_a_deduction_is_named(key: str, value: Any, tmp_path: Path) -> None:
    values = valid()
    if value is None:
        del values["decision"]["deductions"][0][key]
    else:
        values["decision"]["deductions"][0] = {**values["decision"]["deductions"][0], key: value}
    error, _ = refusal(values, tmp_path)
    assert error.where.startswith("decision.deductions")
    assert key in str(error)
