"""Reads YAML that others wrote: every scalar as text, no tags obeyed, size, depth and alias expansion bounded."""

from typing import Any

from heldout.core.errors import InfrastructureFailure

__all__ = ["MAX_BYTES", "Unreadable", "documents"]

MAX_BYTES = 200_000
MAX_NODES = 50_000
MAX_DEPTH = 30


class Unreadable(Exception):
    """YAML that cannot be read; the message says why, in one line without control characters."""


def documents(content: bytes) -> list[Any]:
    """Return the documents of a YAML file as dicts, lists and texts; numbers, dates and truths stay texts.

    Raises Unreadable for what is no YAML in UTF-8 or is over the bounds (MAX_BYTES; MAX_NODES after aliases are
    expanded; MAX_DEPTH), InfrastructureFailure where PyYAML is not installed.
    """
    try:
        import yaml  # an optional dependency
    except ImportError:
        raise InfrastructureFailure("PyYAML is not installed; install it with: pip install 'heldout[eval]'") from None
    if len(content) > MAX_BYTES:
        raise Unreadable(f"has {len(content):,} bytes, more than {MAX_BYTES:,}")
    try:
        text = content.decode("utf-8")
        _bound(yaml, text)
        return list(yaml.load_all(text, Loader=yaml.BaseLoader))  # BaseLoader makes only texts
    except UnicodeDecodeError as error:
        raise Unreadable(f"is not UTF-8 at byte {error.start}") from None
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise Unreadable(one_line(error)) from None


def one_line(message: object, most: int = 300) -> str:
    """Return a message as one line of printable ASCII."""
    return ascii(" ".join(str(message).split()))[1:-1][:most]


def _bound(yaml: Any, text: str) -> None:
    sizes: dict[str, int] = {}
    open_nodes: list[tuple[str | None, int]] = []
    nodes = 0
    for event in yaml.parse(text, Loader=yaml.BaseLoader):
        if isinstance(event, yaml.AliasEvent):
            nodes += sizes.get(event.anchor, 1)
        elif isinstance(event, yaml.ScalarEvent):
            nodes += 1
            if event.anchor:
                sizes[event.anchor] = 1
        elif isinstance(event, yaml.CollectionStartEvent):
            open_nodes.append((event.anchor, nodes))
            nodes += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            anchor, before = open_nodes.pop()
            if anchor:
                sizes[anchor] = nodes - before
        if nodes > MAX_NODES:
            raise Unreadable(f"unfolds into more than {MAX_NODES:,} nodes")
        if len(open_nodes) > MAX_DEPTH:
            raise Unreadable(f"nests deeper than {MAX_DEPTH}")
