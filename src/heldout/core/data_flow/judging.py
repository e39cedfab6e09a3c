"""Judges what a program did: each leak with its certainty, its places and the path between them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from heldout.core.data_flow.events import Crossed, Events, Scored
from heldout.core.data_flow.names import BASELINE, VALIDATION
from heldout.core.data_flow.rows import Part, Relation, Site, covers, disjoint
from heldout.core.data_flow.values import Fitted, Lesson, Taint
from heldout.core.finding import Certainty

__all__ = ["Leak", "judged"]


@dataclass(frozen=True, slots=True)
class Leak:
    """One leak: the check's code, how sure, what was found in words, and the places on its path in order.

    Statistics by hand of one `group` that meet at the same place are told as one.
    """

    code: str
    certainty: Certainty
    claim: str
    path: tuple[tuple[Site, str], ...]
    group: str = ""

    @property
    def key(self) -> tuple[str, Site]:
        """What makes two leaks one: the check and the place to mend."""
        return self.code, self.path[0][0]


def judged(events: Events) -> tuple[Leak, ...]:
    """Return the leaks, the surest of each place, in the order of code and place."""
    best: dict[tuple[str, Site], Leak] = {}
    merged: dict[tuple[object, ...], Leak] = {}
    for leak in (*_learned(events), *_trained(events), *_stopped(events), *_chosen(events), *_dealt(events)):
        found = best.get(leak.key)
        if found is None or leak.certainty.rank > found.certainty.rank:
            best[leak.key] = leak
    for key in sorted(best):
        leak = best[key]
        one = (leak.code, leak.certainty, leak.group, *(site for site, _ in leak.path[1:2])) if leak.group else key
        merged.setdefault(one, leak)
    return tuple(merged.values())


def _held_out(score: Scored) -> bool:
    """Tell whether a score is one on rows that its models were not fitted on, as far as that can be told."""
    fits = [fit for fit in score.models if fit.rows]
    if fits:
        return all(disjoint(fit.rows, score.rows) for fit in fits)
    return any(step.dealt and step.side[0] in ("test", "out") for part in score.rows for step in part.steps)


def _fresh(events: Events, rows: frozenset[Part], entry: str) -> bool:
    """Tell whether the program scores held-out rows that share none with `rows`: these were for validation then.

    Only scores of the same experiment count: of rows, or of a model fitted on rows, of the same source.
    """
    sources = {part.source for part in rows}
    for score in events.scored:
        if score.entry == entry and disjoint(score.rows, rows) and _held_out(score):
            several = (*score.rows, *(part for fit in score.models for part in fit.rows))
            if any(part.source in sources for part in several):
                return True
    return False


def _names(events: Events, rows: Iterable[Part]) -> set[str]:
    return {name for part in rows for name in events.names.get(part, ())}


def _for_validation(events: Events, rows: frozenset[Part]) -> bool:
    """Tell whether the program calls these rows its validation rows, or they are the rows of a fold."""
    if any(step.folds for part in rows for step in part.steps):
        return True
    told = _names(events, rows)
    return any(VALIDATION.search(name) for name in told) and not any("test" in name for name in told)


def _split(rows: Iterable[Part], others: Iterable[Part]) -> Site | None:
    """Return where the rows were parted from the others."""
    there = {(step.split, step.side) for part in others for step in part.steps}
    for part in sorted(rows, key=str):
        for step in part.steps:
            if (step.split, step.side) not in there and step.site is not None:
                return step.site
    return None


# what was learned from all rows before they were parted -----------------------------------------------------------


CODES = {
    Lesson.FIT: "COD001",
    Lesson.STATISTIC: "COD001",
    Lesson.GROUP: "COD001",
    Lesson.ENCODER: "COD005",
    Lesson.RESAMPLED: "COD004",
    Lesson.CORRELATION: "COD002",
    Lesson.IMPORTANCE: "COD002",
    Lesson.SEARCH: "COD002",
    Lesson.CHOICE: "COD002",
}


def _learned(events: Events) -> Iterator[Leak]:
    for score in events.scored:
        for fit in score.models:
            if fit.rows and disjoint(fit.rows, score.rows):
                yield from _before(events, score, fit)
    for crossing in events.crossed:
        yield from _within(events, crossing)


def _before(events: Events, score: Scored, fit: Fitted) -> Iterator[Leak]:
    for taint in _in_order(fit.taints):
        found = {covers(taint.rows, part) for part in score.rows}
        mine = {covers(taint.rows, part) for part in fit.rows}
        if not _touch(found) or (not _touch(mine) and taint.lesson is not Lesson.CHOICE):
            continue
        if taint.lesson is Lesson.CHOICE:
            continue
        certainty = _certainty(events, taint, fit, found)
        if certainty is None:
            continue
        split = _split(score.rows, fit.rows)
        path = [(taint.site, f"{taint.what} learns from these rows")]
        path += [(split, "they are split only here")] if split else []
        path += [(fit.site, f"{fit.what} is fitted on one part"), (score.site, "and scored on the other")]
        yield _leak(events, taint, certainty, path)


def _in_order(taints: Iterable[Taint]) -> list[Taint]:
    return sorted(taints, key=lambda taint: (taint.site, taint.what, taint.column, taint.maybe, sorted(taint.about)))


def _touch(found: set[Relation]) -> bool:
    return bool(found - {Relation.DISJOINT})


def _certainty(events: Events, taint: Taint, fit: Fitted | None, found: set[Relation]) -> Certainty | None:
    if taint.lesson is Lesson.CORRELATION and not taint.about & events.labels:
        return None
    if taint.lesson is Lesson.RESAMPLED and not taint.sure:
        return Certainty.SUSPECT
    doubtful = not taint.sure or taint.maybe or (fit is not None and fit.maybe) or Relation.UNKNOWN in found
    if doubtful:
        return Certainty.SUSPECT
    weak = taint.lesson in (Lesson.CORRELATION, Lesson.IMPORTANCE, Lesson.SEARCH)
    group = taint.lesson is Lesson.GROUP and not taint.about & events.labels
    return Certainty.STRONG if weak or group else Certainty.PROVEN


def _within(events: Events, crossing: Crossed) -> Iterator[Leak]:
    rows = crossing.value.rows
    for taint in _in_order(crossing.value.taints):
        found = {covers(taint.rows, part) for part in rows}
        certainty = _certainty(events, taint, None, found) if _touch(found) else None
        if certainty is None or taint.lesson is Lesson.CHOICE:
            continue
        if _fresh(events, taint.rows, crossing.entry):
            certainty = Certainty.SUSPECT
        path = [
            (taint.site, f"{taint.what} learns from these rows"),
            (crossing.site, f"they are split into folds only here, for {crossing.what}"),
        ]
        yield _leak(events, taint, certainty, path)


def _leak(events: Events, taint: Taint, certainty: Certainty, path: list[tuple[Site, str]]) -> Leak:
    code = CODES[taint.lesson]
    about = taint.about & events.labels
    if taint.lesson is Lesson.GROUP and about:
        code = "COD005"
    claims = {
        "COD001": f"{taint.what} learns from all rows before they are split, the scored ones among them",
        "COD002": f"{taint.what} chooses with the labels of the rows that are scored later",
        "COD004": f"{taint.what} copies or mixes rows before they are split, so that a row can be on both sides",
        "COD005": f"{taint.what} puts the labels of all rows into a feature before they are split",
    }
    by_hand = "by hand" if taint.lesson in (Lesson.STATISTIC, Lesson.GROUP) else ""
    return Leak(code, certainty, claims[code], tuple(path), by_hand)


# rows that are scored and that a fit had seen ----------------------------------------------------------------------


def _trained(events: Events) -> Iterator[Leak]:
    for score in events.scored:
        for fit in score.models:
            yield from _seen(events, score, fit)
    for refit in events.refitted:
        yield from _refitted(events, refit.site, refit.what, refit.rows)


def _seen(events: Events, score: Scored, fit: Fitted) -> Iterator[Leak]:
    """Yield the leak of a model that was fitted on more than the rows that it is scored on, and on these too."""
    parted = [part for part in score.rows if any(step.dealt and step.side[0] in ("test", "out") for step in part.steps)]
    others = {relation for part in parted for relation in [covers(fit.rows, part)]}
    if not parted or not _touch(others):
        return
    if fit.rows == score.rows:
        yield from _refit_on_test(events, score, fit)
        return
    sure = others == {Relation.COVERS} and not fit.maybe
    split = _split(parted, fit.rows)
    path = [(fit.site, f"{fit.what} is fitted on rows among which the scored ones are")]
    path += [(split, "the scored rows are split off here")] if split else []
    path += [(score.site, "and scored here")]
    claim = f"{fit.what} is fitted on the rows that it is scored on"
    yield Leak("COD006", Certainty.PROVEN if sure else Certainty.SUSPECT, claim, tuple(path))


def _refit_on_test(events: Events, score: Scored, fit: Fitted) -> Iterator[Leak]:
    named = _names(events, score.rows)
    other = any(one.what == fit.what and one.rows and disjoint(one.rows, fit.rows) for one in events.fitted)
    if other and named and all("test" in name for name in named):
        path = ((fit.site, f"{fit.what} is fitted on the test rows"), (score.site, "and scored on them"))
        yield Leak("COD006", Certainty.SUSPECT, f"{fit.what} is fitted on the test rows and scored on them", path)


def _refitted(events: Events, site: Site, what: str, rows: frozenset[Part]) -> Iterator[Leak]:
    """Yield the leak of a transformer that learns from test rows what it had learned from train rows."""
    test = [part for part in rows if part.steps and part.steps[-1].dealt and part.steps[-1].side[0] == "test"]
    if not test or len(test) != len(rows):
        return
    again = any(fit.what == what and fit.site != site and disjoint(fit.rows, rows) for fit in events.fitted)
    scored = [score for score in events.scored if score.rows == rows and _held_out(score)]
    if again and scored:
        path = ((site, f"{what} is fitted again on the test rows"), (scored[0].site, "which are scored here"))
        claim = f"{what} is fitted again on the test rows that it transforms"
        yield Leak("COD006", Certainty.STRONG, claim, path)


def _stopped(events: Events) -> Iterator[Leak]:
    for score in events.scored:
        for fit in score.models:
            rows = fit.stopped_on
            if not rows or fit.stopped_at is None or disjoint(rows, score.rows) or not _held_out(score):
                continue
            if _fresh(events, rows, score.entry):
                continue
            soft = fit.maybe or _for_validation(events, rows)
            path = (
                (fit.stopped_at, f"{fit.what} stops when its score on these rows is best"),
                (score.site, "and is scored on the same rows"),
            )
            claim = f"{fit.what} stops by its score on the rows that it is scored on"
            yield Leak("COD006", Certainty.SUSPECT if soft else Certainty.PROVEN, claim, path)


# choices by a score on rows that are reported -----------------------------------------------------------------------


def _chosen(events: Events) -> Iterator[Leak]:
    for choice in events.chosen:
        score = choice.score
        if score.crossed or not score.rows:
            continue
        own = Scored(
            choice.site, score.rows, score.models, score.taints, choice.loops, score.cut, choice.names, choice.entry
        )
        if not _held_out(own) or _fresh(events, score.rows, choice.entry):
            continue
        soft = not choice.sure or _for_validation(events, score.rows)
        soft = soft or any(fit.maybe for fit in score.models)
        code, what = ("COD003", "a threshold") if choice.thresholds else ("COD002", "a model or a setting")
        path = [(choice.site, f"{choice.what} chooses {what} by the score")]
        path += [(one.site, "which is made on these rows") for one in events.scored if one.rows == score.rows][:1]
        claim = f"{choice.what} chooses {what} by a score on the rows that are reported"
        yield Leak(code, Certainty.SUSPECT if soft else Certainty.PROVEN, claim, tuple(path))
    yield from _many(events)


def _many(events: Events) -> Iterator[Leak]:
    """Yield a question where several models are scored on one set of held-out rows, and no others are left."""
    by_rows: dict[tuple[str, frozenset[Part]], list[Scored]] = {}
    for score in events.scored:
        if _held_out(score) and not _for_validation(events, score.rows):
            by_rows.setdefault((score.entry, score.rows), []).append(score)
    settled = {choice.score.rows for choice in events.chosen}
    for (entry, rows), scores in by_rows.items():
        if rows in settled:
            continue
        fits = {fit.site: fit.what for score in scores for fit in score.models if not BASELINE.search(fit.what)}
        looped = any(score.loops and fit.loops for score in scores for fit in score.models)
        if (len(fits) >= 3 or (looped and len(fits) >= 1)) and not _fresh(events, rows, entry):
            first = min(scores, key=lambda score: score.site)
            path = [
                (first.site, "a model is scored on these rows"),
                *((site, f"{what} is fitted") for site, what in sorted(fits.items())[:4]),
            ]
            yield Leak(
                "COD002",
                Certainty.SUSPECT,
                "Several models are scored on the same test rows, and no others are left",
                tuple(path),
            )


def _dealt(events: Events) -> Iterator[Leak]:
    for split in events.dealt:
        if not split.by_chance or split.groups:
            continue
        for mark in events.marked:
            if mark.entry == split.entry and any(
                covers(mark.rows, part) is not Relation.DISJOINT for part in split.value.rows
            ):
                kind = "an order in time" if mark.kind == "time" else "groups"
                path = ((split.site, "rows are dealt by chance"), (mark.site, f"although {mark.column} shows {kind}"))
                claim = f"Rows are split by chance although the program itself shows {kind} ({mark.column})"
                yield Leak("COD007", Certainty.SUSPECT, claim, path)
                break
