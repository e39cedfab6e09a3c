"""Deals a drill: its kind, its seed, and the coin that says whether the fault is there."""

from dataclasses import dataclass

from heldout.core.errors import BadInput
from heldout.practice.deck import kind_named
from heldout.practice.drill import Difficulty, Drill, Kind
from heldout.practice.plan.syllabus import syllabus
from heldout.practice.plan.work import is_planted

__all__ = ["Dealt", "chosen", "deal"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dealt:
    """A drill with what it takes to deal it again."""

    kind: Kind
    seed: int
    difficulty: Difficulty
    planted: bool

    def drill(self) -> Drill:
        """Return the drill itself."""
        return self.kind.build(self.seed, self.difficulty, self.planted)

    @property
    def name(self) -> str:
        """Return the kind's name, `family/name`."""
        return f"{self.kind.family}/{self.kind.name}"


def deal(name: str, seed: int, difficulty: Difficulty, planted: bool | None = None) -> Dealt:
    """Return a drill of the kind `family/name`; the seed tosses the coin where `planted` is None. Raises KeyError."""
    is_there = is_planted(seed) if planted is None else planted
    return Dealt(kind=kind_named(name), seed=seed, difficulty=difficulty, planted=is_there)


def chosen(what: str | None) -> tuple[str, ...]:
    """Return the kinds that a family, a kind `family/name` or None names. Raises BadInput for what names none."""
    kinds = syllabus()
    everything = tuple(name for names in kinds.values() for name in names)
    if what is None:
        return everything
    asked = what.strip().lower().replace("_", "-")
    families = {family.replace("_", "-"): names for family, names in kinds.items()}
    named = {name.replace("_", "-"): name for name in everything}
    found = families.get(asked) or tuple(
        name for short, name in named.items() if asked in (short, short.partition("/")[2])
    )
    if not found:
        raise BadInput(
            f"there is no family or kind {what!r}",
            expected=f"a family ({', '.join(kinds)}), or family/kind",
            mend="heldout practice drill --list names them all",
        )
    return found
