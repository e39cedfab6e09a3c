"""Asks for the rows on which the model is surely worse than on the rest."""

from heldout.core.card import Card
from heldout.core.estimate import Measure
from heldout.core.walkthrough import Anchors, Source, Worth
from heldout.evals.walkthrough.evidence import WorstSlice
from heldout.evals.walkthrough.phrases import bare, score
from heldout.evals.walkthrough.question import Asked, question
from heldout.report.figures import number
from heldout.report.text import NAME, clip


@question("slice", by_labels=True)
def worst_slice(card: Card, worst_slice: WorstSlice) -> Asked | str:
    """Ask where the model is worst, and whether that is more than chance among so many slices."""
    one = worst_slice
    column, value = clip(one.column, NAME), clip(one.value, NAME)
    is_sure = one.ratio.low is not None and one.ratio.low > 1
    times = bare(one.ratio)
    level = number(100 * one.ratio.level, decimals=2)
    verdict = (
        "So it is worse than the rest, beyond the luck of so many looks."
        if is_sure
        else "Among so many that can be luck: no slice is surely worse than the rest."
    )
    return Asked(
        worth=Worth.FIGURES if is_sure else Worth.ALWAYS,
        text=f"Cut the final rows by each value of the columns that your model uses: {one.slices} slices. Which one do "
        "you expect to be the worst, by how much, and how would you tell that from the luck of having looked so often?",
        answer=(
            f"Most surely behind is {column} = {value} ({one.rows:,} rows): {card.metric} is {score(one.inside)} "
            f"there, and {score(one.outside)} on the rest.",
            f"Its error is {times} times that of the rest. These intervals are at {level} %, which is 95 % shared out "
            f"over {one.slices} slices.",
            verdict,
        ),
        figures=(
            Measure(name=f"{card.metric} where {column} is {value}", estimate=one.inside),
            Measure(name=f"{card.metric} elsewhere", estimate=one.outside),
            Measure(name="ratio of errors", estimate=one.ratio),
        ),
        sources=(
            Source(kind="holdout", where="eval/data/final.parquet", note=f"column {column}, value {value}"),
            Source(kind="holdout", where="eval/answers/final.parquet", note=f"{one.rows:,} rows"),
        ),
        anchors=Anchors(
            junior="Names a slice with few rows, or an odd one, and would look there.",
            mid=f"Compares with the rest by the same metric and reads the interval: {times} times the error.",
            senior=f"Corrects for {one.slices} looks; asks whether the slice has another base rate or lacks a column, "
            "and says what the model cannot know there.",
            staff="Says which slices matter before looking, because somebody is harmed or paid by them, and has those "
            "reported with each release.",
        ),
    )
