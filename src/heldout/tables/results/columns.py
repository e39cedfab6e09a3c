"""Which column is the id, which the score: as asked for, else as recognised, else refused with the candidates."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from heldout.core.errors import BadInput
from heldout.tables.names import closest, shortened
from heldout.tables.results.directions import known_direction
from heldout.tables.results.loaded import Loaded

__all__ = ["IDS", "Asked", "Roles", "is_recognised", "roles_of"]

IDS = frozenset(
    {"id", "item_id", "doc_id", "question_id", "sample_id", "example_id", "instance_id", "task_id", "problem_id"}
    | {"prompt_id", "row_id", "query_id", "item", "uid", "uuid"}
)
REPEATS = frozenset({"epoch", "repeat", "replicate", "trial", "attempt", "seed", "run"})
SCORES = frozenset({"score"})
PREDICTIONS = frozenset({"prediction", "score", "probability", "proba", "pred", "y_score", "y_pred"})


@lru_cache(maxsize=2**14)
def is_recognised(name: str) -> bool:
    """Tell whether a column of this name can be given a use by its name alone."""
    return name.strip().lower() in IDS | REPEATS | SCORES | PREDICTIONS or known_direction(name) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the user named: columns by their use, and values to choose. Empty is "recognise it"."""

    by: tuple[str, ...] = ()
    score: str = ""
    scores: tuple[str, ...] = ()
    label: str = ""
    cluster: str = ""
    repeat: str = ""
    system: str = ""
    slices: tuple[str, ...] = ()
    only_filter: str = ""
    metric: str = ""

    @property
    def named(self) -> tuple[str, ...]:
        """Every column that was named."""
        single = (self.score, self.label, self.cluster, self.repeat, self.system)
        return tuple(dict.fromkeys([*self.by, *self.scores, *filter(None, single), *self.slices]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Roles:
    """The columns of one source by their use; `scores` has one name, or one per system."""

    by: tuple[str, ...]
    scores: tuple[str, ...]
    repeat: str
    label: str
    cluster: str
    system: str
    slices: tuple[str, ...]
    same: str = ""
    variant: str = ""

    @property
    def as_written(self) -> tuple[str, ...]:
        """Those whose values are names: they are compared as written, not as numbers."""
        return tuple(dict.fromkeys([*self.by, *filter(None, [self.cluster])]))

    @property
    def columns(self) -> tuple[str, ...]:
        """All of them, each once."""
        single = (self.repeat, self.label, self.cluster, self.system, self.same, self.variant)
        return tuple(dict.fromkeys([*self.by, *self.scores, *filter(None, single), *self.slices]))


def roles_of(names: Sequence[str], asked: Asked, where: str, loaded: Loaded | None = None) -> Roles:
    """Return the roles of the columns `names`. Raises BadInput where one is absent, or it is not clear which it is.

    Slices and the repeat column may be absent here: one source is enough to have them.
    """
    for name in asked.named:
        if name not in names and name not in (*asked.slices, asked.repeat):
            raise _absent(name, names, where, is_cluster=name == asked.cluster)
    by = asked.by or (loaded.by if loaded else ()) or _recognised_id(names, where)
    repeat = (asked.repeat if asked.repeat in names else "") or _recognised_repeat(names, by, loaded)
    return Roles(
        by=by,
        scores=asked.scores or _score(names, asked, where, loaded, {*by, repeat}),
        repeat=repeat,
        label=asked.label,
        cluster=asked.cluster,
        system=asked.system,
        slices=tuple(name for name in asked.slices if name in names),
        same=loaded.same if loaded and loaded.same in names else "",
        variant=loaded.variant if loaded and loaded.variant in names else "",
    )


def _absent(name: str, names: Sequence[str], where: str, *, is_cluster: bool) -> BadInput:
    what = "cluster column" if is_cluster else "column"
    return BadInput(
        f"there is no {what} {name!r}",
        where=where,
        expected=f"one of its {len(names)} columns: {closest(name, names)}",
        mend="every file that is compared has to have it, under the same name",
    )


def _recognised_id(names: Sequence[str], where: str) -> tuple[str]:
    found = [name for name in names if name.strip().lower() in IDS]
    if len(found) == 1:
        return (found[0],)
    what = "it is not clear which column is the id" if found else "no column is recognised as the id of an item"
    raise BadInput(
        f"{what}: {shortened(map(repr, found or names))}",
        where=where,
        expected="a column that says which item a row is about, the same in every file",
        mend="name it with --by; several together with --by more than once",
    )


def _recognised_repeat(names: Sequence[str], by: Sequence[str], loaded: Loaded | None) -> str:
    if loaded and loaded.repeat:
        return loaded.repeat if loaded.repeat in names else ""
    found = [name for name in names if name.strip().lower() in REPEATS and name not in by]
    return found[0] if len(found) == 1 else ""


def _score(names: Sequence[str], asked: Asked, where: str, loaded: Loaded | None, others: set[str]) -> tuple[str, ...]:
    if asked.score:
        return (asked.score,)
    others |= set(asked.named)
    rest = [name for name in names if name not in others]
    if asked.metric:
        found = [name for name in rest if name.strip().lower() in PREDICTIONS]
    elif loaded and loaded.scores:
        found = list(loaded.scores)
    else:
        found = [name for name in rest if known_direction(name) is not None or name.strip().lower() in SCORES]
    if len(found) == 1:
        return (found[0],)
    what = "several columns can be the score" if found else "no column is recognised as the score of an item"
    used = [name for name in asked.named if name in names and known_direction(name) is not None]
    if not found and used:
        what = f"{used[0]!r} is asked for as something else, and no other column is recognised as the score"
    raise BadInput(
        f"{what}: {shortened(map(repr, found or rest))}",
        where=where,
        expected="one number per item",
        mend="name it with --score",
    )
