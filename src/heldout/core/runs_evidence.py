"""Evidence on time, texts and runs: neighbouring rows, event times, evaluations, corpora, an estimator's fits."""

from dataclasses import dataclass

__all__ = [
    "BatchRun",
    "CorpusOverlap",
    "Evaluations",
    "EventColumn",
    "EventTimes",
    "NeighbourMatch",
    "Neighbours",
    "ShuffledRuns",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class NeighbourMatch:
    """What one column holds of the labels around its row, by the relation that it fits best.

    `holds` says it in words ("the label of the next row"). `reach` is "ahead" for labels of later rows, "own" for a
    mean in which the row's own label is, "behind" for labels of earlier rows. `telling` rows are those on which that
    relation says something else than the row's own label or the labels before would; on `equal` of them the column
    holds it. `chance` is the share of telling rows on which the label's own past, or one constant, gives the same.
    `late` are the pairs of `dated` ones whose earlier label is not known yet at the later row, by the horizon; both 0
    without one.
    """

    column: str
    holds: str
    reach: str
    telling: int
    equal: int
    chance: float
    dated: int = 0
    late: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbours:
    """How the columns of a table meet the labels of neighbouring rows.

    `order` says by what rows are neighbours; `is_declared` that this is a declared time which puts them in one order.
    `examined` is the number of columns and relations that were compared, `rows` how many rows, `matches` the best of
    each column.
    """

    label: str
    order: str
    is_declared: bool
    horizon: str
    rows: int
    examined: int
    matches: tuple[NeighbourMatch, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventColumn:
    """One more time of each row, beside the time at which it is predicted.

    Of `rows` rows that have both, `later` are later, at the coarser resolution of the two and beyond a tolerance for
    clocks. `kind` is "event" where its name or its odd minutes and seconds speak of something that was recorded,
    "plan" where its name speaks of something planned, "offset" where it lies a fixed time after the other, else "date".
    `delay` is the median of the later ones in words, `examples` are row numbers (first is 0).
    """

    column: str
    kind: str
    why: str
    rows: int
    later: int
    delay: str
    examples: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventTimes:
    """The other times of a table's rows against its declared time."""

    time: str
    columns: tuple[EventColumn, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluations:
    """How many models or settings were scored on the same test rows, as declared, and what these rows are.

    `positives` is None unless the label is binary.
    """

    count: int
    rows: int
    positives: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CorpusOverlap:
    """How the texts of the test rows meet the texts that a model was trained on.

    An item is a different text of at least 13 words in `columns`; `too_short` texts have fewer. `shared` items share
    13 words in a row with the corpus, `verbatim` ones have nine in ten of their runs of 8 words there. The chance level
    is how items meet each other: `reference_shared` and `reference_verbatim` of them do so with items of the other
    half, when they are dealt into two. `examples` are rows of verbatim items (first is 0).
    """

    columns: tuple[str, ...]
    corpus: tuple[str, ...]
    corpus_words: int
    items: int
    too_short: int
    shared: int
    verbatim: int
    reference_shared: int
    reference_verbatim: int
    examples: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShuffledRuns:
    """How well an estimator knows the true labels of test rows after it was fitted on shuffled labels.

    `scores` are means over a shuffle and its mirror image, one for each pair, which an estimator that only knows what
    it was fitted on answers with `chance`. `jittered` are the same on test rows changed in the last digits. `failed`
    says why there are no scores.
    """

    metric: str
    chance: float
    test_rows: int
    scores: tuple[float, ...]
    jittered: tuple[float, ...]
    failed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRun:
    """Whether an estimator's prediction for a row changes when other rows of the same batch are replaced.

    `changed` of `rows` predictions differ; `largest` is the largest difference and `spread` the standard deviation of
    the predictions. `repeated` predictions differ when the same batch is predicted twice. `failed` says why there are
    none.
    """

    rows: int
    changed: int
    repeated: int
    largest: float
    spread: float
    failed: str = ""
