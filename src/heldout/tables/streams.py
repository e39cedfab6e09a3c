"""Arrow data of any size to columns: record batches as they come, tables that lie in memory, Arrow files on disk."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from heldout.core.errors import BadInput
from heldout.tables.columns import Column
from heldout.tables.spool import Gathering
from heldout.tables.table import normalise, type_of

__all__ = ["ArrowColumn", "arrow_file", "gathered", "has_zone"]

CHUNK_ROWS = 2**20

Choose = Callable[[Sequence[str]], Sequence[str]]


@dataclass(frozen=True, slots=True)
class ArrowColumn(Column):
    """A column of a table in memory, or of a mapped file, brought to the kernel's types piece by piece."""

    chunked: pa.ChunkedArray
    declared: pa.DataType
    rows: int
    null_texts: tuple[str, ...] = ()

    @property
    def type(self) -> pa.DataType | None:
        """See Column."""
        return type_of(self.declared)

    def pieces(self) -> Iterator[pa.Array]:
        """Yield parts of at most CHUNK_ROWS."""
        for chunk in self.chunked.chunks:
            for start in range(0, len(chunk), CHUNK_ROWS):
                yield normalise(chunk.slice(start, CHUNK_ROWS), self.null_texts)


def gathered(
    batches: Iterable[pa.RecordBatch], where: str, null_texts: Sequence[str] = (), choose: Choose | None = None
) -> tuple[Gathering, list[str]]:
    """Take record batches as they come; columns that hold no single values are left out and noted."""
    gathering = Gathering(where)
    notes: dict[str, None] = {}
    for batch in batches:
        names = list(choose(batch.schema.names)) if choose else batch.schema.names
        found = {}
        for name in names:
            array = normalise(batch.column(name), null_texts)
            if has_zone(batch.schema.field(name).type):
                gathering.zoned.add(name)
            if array is None:
                notes[f"{name} holds {batch.schema.field(name).type} and is not examined"] = None
            else:
                found[name] = array
        gathering.add(found, batch.num_rows)
    return gathering, list(notes)


def has_zone(kind: pa.DataType) -> bool:
    """True for times that say their zone."""
    return bool(pa.types.is_timestamp(kind) and kind.tz is not None)


def arrow_file(path: Path) -> pa.Table:
    """Map an Arrow IPC (Feather) file, or read an Arrow stream. Raises BadInput for one that is damaged."""
    try:
        with path.open("rb") as file:
            start = file.read(6)
        source = pa.memory_map(str(path))
        if start == b"ARROW1":
            return pa.ipc.open_file(source).read_all()
        return pa.ipc.open_stream(source).read_all()
    except (pa.ArrowException, OSError) as error:
        if isinstance(error, OSError) and error.errno:
            raise
        raise BadInput(
            "the Arrow file is damaged or incomplete",
            where=str(path),
            expected="a whole Arrow IPC file (Feather version 2) or stream",
            mend=f"write or copy it again; the reader said: {str(error).splitlines()[0]}",
        ) from error
