"""A verdict, cards, a comparison, a split or a walkthrough as JSON, and the JSON Schema (2020-12) of each."""

import dataclasses
import inspect
import json
import re
import types
import typing
from collections.abc import Mapping, Sequence
from datetime import date
from enum import Enum
from typing import Any

from heldout.core.brief_trial import BriefTrial
from heldout.core.card import Card
from heldout.core.comparison import Comparison
from heldout.core.split_manifest import SplitManifest
from heldout.core.verdict import Verdict
from heldout.core.walkthrough import Walkthrough

__all__ = ["schema", "to_json"]

VERSION = 1
"""Of the layout: raised when a key is renamed or removed, or its meaning changes."""

KINDS: Mapping[str, type] = {
    "verdict": Verdict,
    "card": Card,
    "comparison": Comparison,
    "split": SplitManifest,
    "brief_trial": BriefTrial,
    "walkthrough": Walkthrough,
}
LONE_SURROGATES = re.compile("[\ud800-\udfff]")


def to_json(reported: Verdict | Card | Comparison | SplitManifest | BriefTrial | Walkthrough | Sequence[Card]) -> str:
    """Return the JSON text, ASCII only, keys in the order of the schema, with a newline at its end.

    Raises ValueError when a number is not finite: JSON has no word for it.
    """
    if isinstance(reported, Verdict):
        data = {"schema": _version("verdict"), "is_undecided": reported.is_undecided} | _plain(reported)
    elif isinstance(reported, Card):
        data = {"schema": _version("card")} | _plain(reported)
    elif isinstance(reported, Comparison):
        data = {"schema": _version("comparison")} | _plain(reported)
    elif isinstance(reported, SplitManifest):
        data = {"schema": _version("split")} | _plain(reported)
    elif isinstance(reported, BriefTrial):
        data = {"schema": _version("brief_trial")} | _plain(reported)
    elif isinstance(reported, Walkthrough):
        data = {"schema": _version("walkthrough")} | _plain(reported)
    else:
        data = {"schema": _version("cards"), "cards": [json.loads(to_json(card)) for card in reported]}
    return json.dumps(data, indent=2, allow_nan=False) + "\n"


def schema(kind: str) -> dict[str, Any]:
    """Return the JSON Schema of "cards" or one of KINDS, from the types in `core`."""
    if kind == "cards":
        card = schema("card")
        definitions = card.pop("$defs") | {"Card": {key: card[key] for key in card if not key.startswith("$")}}
        body = _object("Several cards, in reading order.", {"cards": {"type": "array", "items": _ref("Card")}})
    else:
        definitions = {}
        own = {"is_undecided": {"type": "boolean"}} if kind == "verdict" else {}
        body = _dataclass(KINDS[kind], definitions)
        body = _object(body["description"], own | body["properties"])
    body = _object(body["description"], {"schema": {"const": _version(kind)}} | body["properties"])
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:heldout:schema:{kind}:{VERSION}",
        "title": f"heldout {kind}",
        **body,
        "$defs": dict(sorted(definitions.items())),
    }


def _version(kind: str) -> str:
    return f"heldout.{kind}.v{VERSION}"


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Enum):
        return value.value
    value = value.isoformat() if isinstance(value, date) else value
    if isinstance(value, str):
        return LONE_SURROGATES.sub("\ufffd", value)
    if isinstance(value, Mapping):
        return {_plain(key): _plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return value


def _object(description: str, properties: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "description": description,
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }


def _dataclass(kind: type, definitions: dict[str, Any]) -> dict[str, Any]:
    hints = typing.get_type_hints(kind)
    properties = {field.name: _of(hints[field.name], definitions) for field in dataclasses.fields(kind)}
    return _object(inspect.getdoc(kind) or "", properties)


def _of(hint: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    members = typing.get_args(hint)
    if isinstance(hint, types.UnionType):
        return {"anyOf": [_of(member, definitions) for member in members]}
    if typing.get_origin(hint) is tuple:
        return {"type": "array", "items": _of(members[0], definitions)}
    if typing.get_origin(hint) is Mapping:
        return {"type": "object", "additionalProperties": _of(members[1], definitions)}
    if hint in NAMES:
        return dict(NAMES[hint])
    if hint.__name__ not in definitions:
        definitions[hint.__name__] = {}
        definitions[hint.__name__] = (
            {"description": inspect.getdoc(hint) or "", "enum": [member.value for member in hint]}
            if issubclass(hint, Enum)
            else _dataclass(hint, definitions)
        )
    return _ref(hint.__name__)


NAMES: Mapping[Any, Mapping[str, str]] = {
    bool: {"type": "boolean"},
    date: {"type": "string", "format": "date"},
    float: {"type": "number"},
    int: {"type": "integer"},
    str: {"type": "string"},
    types.NoneType: {"type": "null"},
}


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/$defs/{name}"}
