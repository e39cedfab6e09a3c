"""A split on a terminal: its parts, what was left out, and the paragraph to say of it."""

from collections.abc import Iterator

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from heldout.core.split_manifest import SplitManifest, SplitPart
from heldout.report.text import NAME, clip

__all__ = ["print_split"]

MOST_CLASSES = 4


def print_split(made: SplitManifest, console: Console) -> None:
    """Print the split: a table of its parts, then the sentences."""
    rule = made.rule
    console.print(Text(clip(f"Split of {made.input.name} for {made.request.target}"), style="bold"))
    console.print(Text(clip(f"rule: {_rule(made)}; seed {made.request.seed}")))
    console.print()
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 3, 0, 0), show_edge=False)
    has_classes = any(part.classes for part in made.parts)
    headings = ["part", "rows"] + [made.request.target] * has_classes
    headings += [rule.entity] if rule.entity else []
    headings += [rule.time] if rule.time else []
    for heading in headings:
        table.add_column(Text(clip(heading, NAME)), overflow="fold")
    for part in made.parts:
        table.add_row(*(Text(clip(cell)) for cell in _cells(part)))
    for drop in made.dropped:
        table.add_row(Text("left out"), Text(f"{drop.rows:,}"), *[Text(clip(drop.why))] * has_classes)
    console.print(table)
    speech = made.speech
    for text in (speech.measures, speech.valid_because, speech.resolves, speech.does_not_measure):
        console.print()
        console.print(Text(clip(text, 1200)))


def _rule(made: SplitManifest) -> str:
    rule = made.rule
    key = f"{rule.entity} without its last part" if rule.entity_part == "beginning" else rule.entity
    told = {
        "random": "at random, stratified by the target",
        "group": f"by group, each value of {key} on one side, stratified by the target",
        "forward": f"forward in time by {rule.time}",
        "forward_group": f"forward in time by {rule.time}, each value of {key} on one side",
    }[rule.kind]
    return told + (", equal rows on one side" if rule.copies_together and rule.kind == "random" else "")


def _cells(part: SplitPart) -> Iterator[str]:
    yield part.name
    yield f"{part.rows:,}"
    shown = list(part.classes.items())[:MOST_CLASSES]
    more = f", {len(part.classes) - MOST_CLASSES} more" if len(part.classes) > MOST_CLASSES else ""
    if shown:
        yield ", ".join(f"{name}: {rows:,}" for name, rows in shown) + more
    if part.entities is not None:
        yield f"{part.entities:,}"
    if part.first is not None:
        yield f"{part.first} to {part.last}"
