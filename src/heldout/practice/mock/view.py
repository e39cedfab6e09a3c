"""Shows the score of a mock and a readiness statement, for a terminal."""

from collections.abc import Sequence

from rich import box
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from heldout.practice.mock.aim import Stage
from heldout.practice.mock.marks import Made, Marked, Quote
from heldout.practice.mock.readiness import Readiness
from heldout.practice.mock.rubric import GATES, PASSING
from heldout.practice.mock.score import DimensionScore, MockScore
from heldout.practice.mock.subject import Subject
from heldout.practice.session.view import hung
from heldout.report.text import clip

__all__ = ["readiness_view", "score_view", "told_view"]

LONGEST = 220
"""Characters of a quoted sentence."""
SIGNS = {Made.ALONE: "+", Made.HELPED: "+", Made.PARTLY: "~", Made.WRONG: "!", Made.UNCLEAR: "?", Made.MISSING: "-"}
STYLES = {Made.ALONE: "green", Made.HELPED: "green", Made.PARTLY: "yellow", Made.WRONG: "red"}


def score_view(score: MockScore) -> RenderableType:
    """Return the table of dimensions, then each point with the words that earned it."""
    table = Table(
        box=box.SIMPLE_HEAD, pad_edge=False, title=Text(f"{score.title}: asked for {score.level}"), title_justify="left"
    )
    for name in ("dimension", "points", "level shown", "you said", "n"):
        table.add_column(name, justify="left" if name in ("dimension", "level shown") else "right")
    for one in score.dimensions:
        level = one.level or ("below junior" if one.n else "not asked")
        table.add_row(str(one.dimension), _points(one.points), level, _points(one.self_score), str(one.n))
    overall = f"Overall {_points(score.overall)} of 100" if score.overall is not None else "Nothing was answered"
    typed = "" if score.facts.words else " Not a word was typed"
    why = typed if score.is_finished else " The mock was not finished"
    unfinished = f"{why}: it does not count towards readiness." if why else ""
    facts = score.facts
    timed = (
        f"Facts, none of them scored: {_time(facts.elapsed)} in all, {facts.words} words, helped {facts.helped} times."
    )
    if facts.talking is not None and facts.longest_pause is not None:
        timed += (
            f" {_time(facts.talking)} of typing; {facts.pauses} pauses of 10 s or more, the longest "
            f"{facts.longest_pause:.0f} s."
        )
    parts: list[RenderableType] = [
        table,
        Text(f"{overall} at level {score.level}.{unfinished}", style="bold"),
        Text(timed),
        Text(_gates()),
    ]
    for one in score.dimensions:
        if one.marks:
            parts += [Text(f"\n{one.dimension.capitalize()}", style="bold"), *map(_marked, _best_first(one))]
    return Group(*parts)


def _gates() -> str:
    """Return what a level that is shown rests on."""
    gates = (
        f"{level}: {' and '.join(stage for stage in Stage if stage in stages)}{'' if with_help else ', unaided'}"
        for level, (stages, with_help) in GATES.items()
    )
    told = "; ".join(gates)
    return f"A level is shown from {PASSING:.0%} of its own points on, and of those of the levels before: {told}."


def told_view(subject: Subject, turns: Sequence[str]) -> RenderableType:
    """Return what there was to say about the topics that were asked."""
    parts: list[RenderableType] = [Text("\nWhat there was to say", style="bold")]
    for topic in subject.topics:
        if topic.told and f"work: {topic.name}" in turns:
            parts.append(Text(f"  {topic.name}", style="bold"))
            parts += [Padding(Text(clip(line, 1500)), (0, 0, 0, 4)) for line in topic.told]
    return Group(*parts)


def readiness_view(said: Readiness) -> RenderableType:
    """Return the readiness statement with how it is made."""
    return Text(f"\nReadiness: {said.statement}").append(f" ({said.mean.method}, n = {said.mean.n})", style="dim")


def _best_first(one: DimensionScore) -> list[Marked]:
    return sorted(one.marks, key=lambda mark: list(Made).index(mark.made))


def _marked(mark: Marked) -> RenderableType:
    sign = Text(f"  {SIGNS[mark.made]}", style=STYLES.get(mark.made, "dim"))
    line = Text(mark.says).append(f"  [{mark.made}; {mark.stage}; {mark.turn}]", style="dim")
    said = [one for one in mark.evidence if one.said.strip()]  # silence has nothing to quote
    quotes = [Padding(Text(_quoted(one), style="italic"), (0, 0, 0, 6)) for one in said]
    return Group(hung(sign, line), *quotes)


def _quoted(one: Quote) -> str:
    return f'{_time(one.at)} {one.who}: "{clip(one.said, LONGEST)}"'


def _points(value: float | None) -> str:
    return "-" if value is None else f"{value:.0f}"


def _time(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes}:{rest:02d}"
