"""The fortnight as a terminal shows it."""

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from heldout.practice.drill import Family
from heldout.practice.plan import Plan
from heldout.practice.plan.said import HEADINGS, as_rows
from heldout.practice.session.words import FAMILIES

__all__ = ["plan_shown"]


def plan_shown(plan: Plan) -> RenderableType:
    """Return the fourteen days as a table, what the families need, and what finds no room."""
    terms = plan.terms
    hours = "hour" if terms.hours == 1 else "hours"
    head = Text(f"Fortnight from {terms.start:%A %d %B %Y}", style="bold")
    head.append(f": level {terms.level}, {terms.hours:g} {hours} a day from {terms.begins:%H:%M} ({terms.zone})")
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in HEADINGS:
        table.add_column(name, overflow="fold")
    for row in as_rows(plan):
        table.add_row(*map(Text, row), style="bold" if "←" in row[0] else "")
    least = sorted(plan.need, key=lambda family: -plan.need[family])[:3]
    needs = ", ".join(f"{FAMILIES[Family(family)]} ({plan.need[family]:.0%})" for family in least)
    return Group(head, table, Text(f"Most of the time goes to {needs}."), *map(Text, plan.left_out))
