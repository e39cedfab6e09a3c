"""Functions that deal rows to parts or draw some of them: what each part holds, and what it shares with the others."""

from dataclasses import replace

from heldout.core.data_flow.built_in import row_numbers
from heldout.core.data_flow.events import Dealt
from heldout.core.data_flow.machine import Call, Machine
from heldout.core.data_flow.rows import Step, flipped, narrowed
from heldout.core.data_flow.values import ANYTHING, Kind, Lesson, Taint, Value, combine

__all__ = ["dealt", "drawn", "drawn_again", "others"]


def dealt(m: Machine, given: Call) -> Value:
    """Return the parts that train_test_split makes: the same seed and size deal the same rows the same way."""
    arrays = [value if value.is_rows else combine(value) for value in given.positional]
    settings = {key: given.named[key] for key in ("random_state", "test_size", "train_size") if key in given.named}
    seed = settings.get("random_state")
    fixed = seed is not None and isinstance(seed.const, int)
    told = ", ".join(f"{key}={value.const}" for key, value in sorted(settings.items()))
    kept = given.literal(99, "shuffle", default=True) is not False
    m.touch(*arrays)
    if arrays and arrays[0].is_rows:
        m.events.dealt.append(Dealt(given.site, arrays[0], kept, groups=False, entry=m.entry))
    if len(arrays) > 1 and arrays[1].name:
        m.events.labels.add(arrays[1].name)
    name = f"train_test_split({told})" if fixed else f"train_test_split at {given.site}:{given.node.col_offset}"
    items: list[Value] = []
    for value in arrays:
        for side in ("train", "test"):
            rows = {
                narrowed(part, (Step(f"{name} #{len(part.steps)}", (side, ""), dealt=True, site=given.site),))
                for part in value.rows
            }
            items.append(replace(value, rows=frozenset(rows)))
    return Value(Kind.SEQUENCE, items=tuple(items))


def drawn_again(_: Machine, given: Call) -> Value:
    """Return rows that `resample` drew with replacement."""
    values = [value for value in given.positional if value.is_rows]
    again = given.literal(99, "replace", default=True)
    items = []
    for value in values:
        taint = Taint(Lesson.RESAMPLED, given.site, "resample", value.rows, sure=again is True)
        items.append(replace(value, taints=value.taints | ({taint} if again else set())))
    return items[0] if len(items) == 1 else Value(Kind.SEQUENCE, items=tuple(items))


def drawn(m: Machine, given: Call) -> Value:
    """Return some of the row numbers, drawn by chance: with replacement, they are drawn again."""
    numbers = row_numbers(m, given)
    if not numbers.rows or given.literal(2, "replace", default=True):
        return numbers
    step = Step(f"choice at {given.site}:{given.node.col_offset}", ("in", ""), dealt=True, site=given.site)
    return replace(numbers, rows=frozenset(narrowed(part, (step,)) for part in numbers.rows))


def others(_: Machine, given: Call) -> Value:
    """Return the rows, or row numbers, that are not among some others."""
    everything, some = (given.argument(place) or ANYTHING for place in (0, 1))
    if not (everything.is_rows and some.is_rows):
        return everything
    rows = set()
    for part in everything.rows:
        lost = [step for one in some.rows for step in one.steps if step not in part.steps]
        rows.add(narrowed(part, [flipped(lost[-1])]) if lost else part)
    return replace(everything, rows=frozenset(rows))
