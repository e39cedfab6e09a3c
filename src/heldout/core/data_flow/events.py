"""What programs did with their rows, in order: split, fitted, scored, chose by a score.

The `entry` of an event is the file whose run led to it: scores of another program settle nothing here.
"""

from dataclasses import dataclass, field

from heldout.core.data_flow.rows import Part, Site
from heldout.core.data_flow.values import Fitted, Taint, Value

__all__ = ["Chosen", "Crossed", "Dealt", "Events", "Marked", "Refitted", "Scored"]


@dataclass(frozen=True, slots=True)
class Dealt:
    """Rows were split at `site`: by chance, or else; `groups` tells whether whole groups were kept together."""

    site: Site
    value: Value
    by_chance: bool
    groups: bool
    entry: str


@dataclass(frozen=True, slots=True)
class Crossed:
    """A cross-validation inside one call at `site` of the learner `what`, on features with all that went into them."""

    site: Site
    what: str
    value: Value
    entry: str


@dataclass(frozen=True, slots=True)
class Scored:
    """Models were scored at `site` on `rows`, whose features carry `taints`; inside how many loops."""

    site: Site
    rows: frozenset[Part]
    models: frozenset[Fitted]
    taints: frozenset[Taint]
    loops: int
    cut: bool
    names: frozenset[str]
    entry: str
    serial: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A score on `rows` chose something at `site`: a threshold (`cut`) or else; `what` says by which means."""

    site: Site
    score: Value
    what: str
    sure: bool
    loops: int
    names: frozenset[str]
    thresholds: bool
    entry: str


@dataclass(frozen=True, slots=True)
class Refitted:
    """A transformer was fitted at `site` on the rows that it transforms there."""

    site: Site
    what: str
    rows: frozenset[Part]


@dataclass(frozen=True, slots=True)
class Marked:
    """The program itself shows that rows have an order in time, or groups: by `column` at `site`."""

    site: Site
    kind: str
    column: str
    rows: frozenset[Part]
    entry: str


@dataclass(slots=True)
class Events:
    """All that happened, and the names of columns that were used as labels.

    `unknown` says what could not be followed; what of it went into a split, a fit or a score is `touched`.
    """

    dealt: list[Dealt] = field(default_factory=list)
    crossed: list[Crossed] = field(default_factory=list)
    scored: list[Scored] = field(default_factory=list)
    chosen: list[Chosen] = field(default_factory=list)
    refitted: list[Refitted] = field(default_factory=list)
    marked: list[Marked] = field(default_factory=list)
    fitted: list[Fitted] = field(default_factory=list)
    labels: set[str] = field(default_factory=set)
    names: dict[Part, set[str]] = field(default_factory=dict)
    touched: set[Site] = field(default_factory=set)
    unknown: dict[Site, str] = field(default_factory=dict)
