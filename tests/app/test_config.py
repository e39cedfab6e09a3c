"""heldout.toml and [tool.heldout]: what is read, what is refused and how, and which file is found."""

import inspect
import json
import tomllib
from datetime import date
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from heldout.app.config import AuditSection, config_schema, find_config, read_config
from heldout.cli.audit import audit
from heldout.core.errors import BadInput

WHOLE = """
[audit]
train = "train.parquet"
test = "../test.parquet"
target = "arr_delay >= 15"
interval = [0.95, 1]
slice = ["origin"]
estimator = "models/model.py:make"
fail_on = "proven"
json = false

[[accept]]
code = "LEK001"
column = "outcome"
reason = "it goes in sprint 14"
expires = 2026-12-31

[[accept]]
code = "SPL002"
reason = "few"
expires = 2027-01-31
"""


def written(folder: Path, text: str, name: str = "heldout.toml") -> Path:
    path = folder / name
    path.write_text(text)
    return path


def test_a_file_says_options_with_paths_as_seen_from_here_and_acceptances(tmp_path: Path) -> None:
    settings = read_config(written(tmp_path, WHOLE))
    assert settings.options == {
        "train": str(tmp_path / "train.parquet"),
        "test": str(tmp_path.parent / "test.parquet"),
        "target": "arr_delay >= 15",
        "interval": [0.95, 1.0],
        "slice": ["origin"],
        "estimator": f"{tmp_path}/models/model.py:make",
        "fail_on": "proven",
        "as_json": False,
    }
    assert [(one.code, one.column, one.expires) for one in settings.accepts] == [
        ("LEK001", "outcome", date(2026, 12, 31)),
        ("SPL002", None, date(2027, 1, 31)),
    ]


def test_a_pyproject_says_the_same_below_tool_heldout(tmp_path: Path) -> None:
    text = '[project]\nname = "p"\n[tool.ruff]\n' + WHOLE.replace("[audit]", "[tool.heldout.audit]").replace(
        "[[accept]]", "[[tool.heldout.accept]]"
    )
    mine, theirs = read_config(written(tmp_path, WHOLE)), read_config(written(tmp_path, text, "pyproject.toml"))
    assert (theirs.options, theirs.accepts) == (mine.options, mine.accepts)
    assert theirs.said.endswith("pyproject.toml [tool.heldout]")


BAD = {
    "unknown key": ('[audit]\ntarget = "y"\ntreshold = 0.5\n', "unknown key audit.treshold", "line 3", "threshold"),
    "dashes": ("[audit]\nfail-on = 'proven'\n", "unknown key audit.fail-on", "line 2", "fail_on"),
    "unknown table": ("[audits]\n", "unknown key audits", "line 1", "audit"),
    "wrong type": ('[audit]\nreported = "0.9"\n', "audit.reported is '0.9'", "line 2", ""),
    "no level": ("[audit]\nfail_on = 'never'\n", "audit.fail_on is 'never'", "line 2", ""),
    "not finite": ("[audit]\nthreshold = nan\n", "audit.threshold", "line 2", ""),
    "both": ("[audit]\ndata = 'a'\ntrain = 'b'\n", "audit.train and audit.data", "line 3", ""),
    "two audits": ("[[audit]]\ntarget = 'y'\n", "holds a list, [[audit]]", "", "a file for each"),
    "no reason": ("[[accept]]\ncode = 'LEK001'\nexpires = 2026-12-31\n", "accept.0.reason is missing", "line 1", ""),
    "blank reason": (
        "[[accept]]\ncode = 'LEK001'\nreason = ' '\nexpires = 2026-12-31\n",
        "this one is blank",
        "line 3",
        "",
    ),
    "no date": ("[[accept]]\ncode = 'LEK001'\nreason = 'r'\nexpires = 'soon'\n", "accept.0.expires", "line 4", ""),
    "no day": ("[[accept]]\ncode = 'LEK001'\nreason = 'r'\nexpires = 2026-02-30\n", "not TOML", "", ""),
    "never": ("[[accept]]\ncode = 'LEK001'\nreason = 'r'\n", "accept.0.expires is missing", "line 1", ""),
    "second": (
        "[[accept]]\ncode = 'LEK001'\nreason = 'r'\nexpires = 2026-12-31\n[[accept]]\ncolum = 'x'\n",
        "accept.1.colum",
        "line 6",
        "column",
    ),
    "no code": ("[[accept]]\ncode = 'leak'\nreason = 'r'\nexpires = 2026-12-31\n", "accept.0.code", "line 2", ""),
    "no TOML": ("[audit\n", "not TOML", "", ""),
}


@pytest.mark.parametrize("case", BAD)
def test_what_is_not_understood_is_refused_with_its_key_its_line_and_the_closest_name(
    case: str, tmp_path: Path
) -> None:
    text, what, where, mend = BAD[case]
    with pytest.raises(BadInput) as refused:
        read_config(written(tmp_path, text))
    assert what in refused.value.what
    assert where in refused.value.where
    assert mend in refused.value.mend
    assert "heldout.toml" in refused.value.what


def test_the_nearest_file_is_found_and_none_above_the_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    written(tmp_path, WHOLE)
    assert find_config(inner) == Path("../../heldout.toml")
    written(tmp_path / "a", "[project]\nname = 'p'\n", "pyproject.toml")
    assert find_config(inner) == Path("../../heldout.toml"), "a pyproject.toml without the table is passed over"
    written(tmp_path / "a", "[tool.heldout]\n", "pyproject.toml")
    assert find_config(inner) == Path("../pyproject.toml")
    written(tmp_path / "a", WHOLE)
    assert find_config(inner) == Path("../heldout.toml"), "heldout.toml goes before pyproject.toml"
    (inner / ".git").mkdir()
    assert find_config(inner) is None
    written(inner, WHOLE)
    assert find_config(inner) == Path("heldout.toml")


def test_every_option_of_the_command_has_its_key() -> None:
    options = {
        name: parameter
        for name, parameter in inspect.signature(audit).parameters.items()
        if name not in ("context", "data")
    }
    keys = {field.alias or name for name, field in AuditSection.model_fields.items()} - {"data"}
    renamed = {"row_id": "id", "slices": "slice", "as_json": "json"}
    assert keys == {renamed.get(name, name) for name in options}


def test_the_schema_takes_what_the_reader_takes() -> None:
    validator = Draft202012Validator(config_schema())
    Draft202012Validator.check_schema(config_schema())
    validator.validate(json.loads(json.dumps(tomllib.loads(WHOLE), default=str)))
    assert not validator.is_valid({"audit": {"treshold": 1}})
    assert not validator.is_valid({"accept": [{"code": "LEK001", "expires": "2026-12-31"}]})
    described = config_schema()["$defs"]["AuditSection"]["properties"]
    assert all(key["description"] for key in described.values())
