"""What a split is, in a form that audits read back: what was asked, how rows were placed, what was left out and why."""

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = [
    "DroppedRows",
    "Resolution",
    "SplitInput",
    "SplitManifest",
    "SplitPart",
    "SplitRequest",
    "SplitRule",
    "SplitSpeech",
    "TimedFold",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitInput:
    """The table that was split: its name, the SHA-256 of its bytes (of its Arrow stream for a frame), and its size."""

    name: str
    sha256: str
    rows: int
    columns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitRequest:
    """What was asked for, in the words of the command.

    `horizon` and `embargo` are texts such as "7d"; `test` is a share of the rows, null where only folds were asked for;
    `entity_part` "beginning" takes the entity's text without its last part; `at_random` splits at random whatever the
    table shows; the last four say how the table was read.
    """

    target: str
    positive: str | None = None
    task: str | None = None
    time: str | None = None
    entity: str | None = None
    entity_part: str = "whole"
    entity_rule: str = "fewest"
    horizon: str | None = None
    embargo: str | None = None
    test: float | None = None
    folds: int | None = None
    seed: int = 0
    copies_together: bool = True
    at_random: bool = False
    format: str = ""
    header: bool = True
    separator: str | None = None
    null_texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitRule:
    """How rows were placed.

    `kind` is "random", "group", "forward" or "forward_group"; `time`, `entity`, `entity_part` the columns that it went
    by, declared or found (`followed` says why, where nothing was declared); `gap` is horizon + embargo, in microseconds
    where `is_time`, else in units of the time column; test rows begin at `test_from` and train rows end at
    `train_until`. `entity_rule` is the one followed ("new", "purge", "deal"), and `costs` the rows that each of those
    compared would leave out. `stratified_by` is "classes", "tenths" (of a number) or "".
    """

    kind: str
    time: str | None = None
    entity: str | None = None
    entity_part: str = "whole"
    entity_rule: str | None = None
    is_time: bool = False
    horizon: float = 0.0
    embargo: float = 0.0
    gap: float = 0.0
    train_until: str | None = None
    test_from: str | None = None
    stratified_by: str = ""
    copies_together: bool = True
    followed: str = ""
    costs: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitPart:
    """One part: its file and the file's SHA-256 (null where nothing was written), and what it holds.

    `classes` counts the rows per class, empty for a regression; `entities` is null without an entity, `first` and
    `last` are null without a time; `fold_column` names the column that numbers folds, where the part has one.
    """

    name: str
    file: str | None
    sha256: str | None
    rows: int
    classes: Mapping[str, int]
    entities: int | None
    first: str | None
    last: str | None
    fold_column: str | None = None
    folds: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedFold:
    """One fold of a forward chain: train rows end at `train_until`, test rows go from `test_from` to `test_until`."""

    fold: int
    train_until: str
    test_from: str
    test_until: str
    train_rows: int
    test_rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DroppedRows:
    """Rows in no part: how many, a code for the reason, and the reason in words.

    `reason` is "no_label", "no_time", "no_entity", "gap", "straddling_entity" or "copy_of_test".
    """

    reason: str
    rows: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """What a score on the test rows can show: half the width of its 95 % interval, and the smallest difference.

    For a model whose `metric` is `assumed`; `units` independent units ("rows", or clusters called `unit`);
    `half_width` takes the rows for independent, `half_width_clustered` each unit for a single row (null without
    clusters). `smallest_difference` is what two models whose errors correlate by a half have to differ by to be told
    apart in 4 of 5 cases, with independent rows.
    """

    metric: str
    assumed: float
    rows: int
    unit: str
    units: int
    half_width: float | None
    half_width_clustered: float | None
    smallest_difference: float | None
    undefined_because: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitSpeech:
    """The paragraph to say aloud, in four parts; each is plain sentences computed from the counts."""

    measures: str
    valid_because: str
    resolves: str
    does_not_measure: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitManifest:
    """One split: `input` and `request` made it, `rule` and `parts` say what it is, `dropped` what is in no part.

    `found` holds what the table shows and nobody declared. The same input and request give the same split.
    """

    heldout: str
    input: SplitInput
    request: SplitRequest
    rule: SplitRule
    parts: tuple[SplitPart, ...]
    folds: tuple[TimedFold, ...]
    dropped: tuple[DroppedRows, ...]
    found: tuple[str, ...]
    resolution: Resolution | None
    speech: SplitSpeech
