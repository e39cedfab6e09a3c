"""The tables of one audit with their labels, read and held against each other."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from heldout.core.errors import BadInput
from heldout.core.profile import ColumnKind, LabelKind
from heldout.core.progress import Progress, as_progress
from heldout.tables import (
    Label,
    Source,
    Table,
    parse_target,
    read_label,
    read_table,
    refuse_unlike,
    shortened,
)
from heldout.tables.sampling import sample_of

__all__ = ["Audited", "Progress", "Reader", "read_audited"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Reads every table of an audit in the same way."""

    drop: Sequence[str]
    null_texts: Sequence[str]
    header: bool
    separator: str | None
    say: Progress

    def quiet(self) -> "Reader":
        """Return a reader that tells nobody."""
        return replace(self, say=as_progress(None))

    def __call__(self, source: Source, *, drop: bool = True) -> Table:
        """Read a source, without the columns to drop; raises BadInput for one that is not there."""
        self.say(f"reading {_named(source) if isinstance(source, str) else 'the table'}")
        table = read_table(source, header=self.header, separator=self.separator, null_texts=self.null_texts)
        if not drop:
            return table
        for name in self.drop:
            table.refuse_unknown(name, called="column to drop")
        return table.without(self.drop)


@dataclass(frozen=True, kw_only=True)
class Audited:
    """Train, or the only table, with its label; test with its label where the test table has the target.

    `seed` is that of everything drawn from them.
    """

    train: Table
    label: Label
    test: Table | None = None
    test_label: Label | None = None
    seed: int = 0

    @cached_property
    def sample(self) -> tuple[Table, Label]:
        """Rows of train that have a label, all of them or a sample in memory, and their label."""
        table, label = sample_of(self.train, self.label, seed=self.seed)
        return table, label or self.label

    @property
    def features(self) -> tuple[str, ...]:
        """The columns of train that the target is not made of."""
        return tuple(name for name in self.train.columns if name not in self.label.columns)


def read_audited(
    read: Reader,
    data: Source,
    test: Source | None,
    *,
    target: str,
    positive: str | None,
    kind: LabelKind | None,
    seed: int = 0,
) -> Audited:
    """Read the tables and their labels. Raises BadInput where two tables or their classes differ."""
    train = read(data)
    parsed = parse_target(target, train)
    label = read_label(train, parsed, positive=positive, kind=kind)
    if set(train.columns) == set(label.columns):
        raise BadInput(
            "; ".join(("the table holds the target and nothing else", *train.notes)),
            where=train.source,
            expected="at least one column to predict from",
            mend="give the features too; if they are in the same column, name its separator with --separator",
        )
    train = _noted_empty(train)
    if test is None:
        return Audited(train=train, label=label, seed=seed)
    other = _noted_empty(read(test))
    refuse_unlike(train, other, label.columns)
    other = _noted_zones(train, other)
    test_label = None
    if parsed.column in other.columns:
        test_label = read_label(other, parsed, kind=label.kind, classes=label.classes)
    return Audited(train=train, label=label, test=other, test_label=test_label, seed=seed)


def _named(source: str) -> str:
    """Return a path, or an address without the password in it and without its query.

    >>> _named("postgresql://me:secret@host/sales?query=select 1"), _named("a@b.csv")
    ('postgresql://host/sales', 'a@b.csv')
    """
    if "://" not in source:
        return source
    scheme, _, rest = source.partition("://")
    place = rest.partition("?")[0]
    server, slash, database = place.partition("/")
    return f"{scheme}://{server.rpartition('@')[2]}{slash}{database}"


def _noted_zones(train: Table, test: Table) -> Table:
    """Note the times that have a zone in one table only: which moments the others are is anybody's guess."""
    notes = []
    for name in test.columns:
        if (name in train.zoned) != (name in test.zoned) and test.kind(name) is ColumnKind.TIME:
            one, other = ("train", "test") if name in train.zoned else ("test", "train")
            notes.append(f"{name} has times with a zone in {one} and without in {other}, which are taken as UTC")
    return replace(test, notes=(*test.notes, *notes))


def _noted_empty(table: Table) -> Table:
    """Note the columns without a value: there is nothing in them to examine."""
    empty = [name for name in table.columns if table.kind(name) is ColumnKind.EMPTY]
    if not empty:
        return table
    said = "holds no value and is" if len(empty) == 1 else "hold no value and are"
    return replace(table, notes=(*table.notes, f"{shortened(empty)} {said} not examined"))
