"""Turns the leaks of one code into answers: certainty, path as witnesses, and what could not be followed."""

from collections import Counter

from heldout.core.data_flow.judging import Leak
from heldout.core.data_flow.reading import Reading, read_flows
from heldout.core.data_flow.rows import Site
from heldout.core.estimate import Measure, counted
from heldout.core.finding import Answer, Certainty, Witness, caution, clear, not_applicable, problem
from heldout.core.plural import how_many
from heldout.core.repository import Repository, shown

__all__ = ["answers"]

SHOWN = 10
"""So many leaks of one kind are told one by one."""

UNKNOWN_SHOWN = 5


def answers(repository: Repository, code: str, *, to_do: str, innocent: str) -> tuple[Answer, ...]:
    """Return the answers of the check `code`: its leaks, else that nothing was found, or could not be told.

    `innocent` says in one sentence what holds where nothing was found.
    """
    reading = read_flows(repository)
    leaks = sorted((leak for leak in reading.leaks if leak.code == code), key=lambda leak: -leak.certainty.rank)
    if leaks:
        return tuple(_told(leak, to_do, len(leaks), reading) for leak in leaks[:SHOWN])
    return (_nothing(reading, innocent),)


def _told(leak: Leak, to_do: str, count: int, reading: Reading) -> Answer:
    (first, _), *_rest = leak.path
    ending = "" if leak.certainty is not Certainty.SUSPECT else "; a person should look whether that is meant"
    return problem(
        f"{_capital(shown(leak.claim, 240))} ({place(first)}){ending}.",
        leak.certainty,
        to_do=to_do,
        measures=(_measure(count, reading),),
        witnesses=[_witness(site, note) for site, note in leak.path],
    )


def _capital(text: str) -> str:
    return (
        text[:1].upper() + text[1:]
        if text[:1].islower() and text.split(maxsplit=1)[0].isalpha() and "(" not in text.split(maxsplit=1)[0]
        else text
    )


def place(site: Site) -> str:
    """Return a place as a claim names it: file and line, or file, cell and line in it."""
    where = shown(site.path, 80)
    return f"{where}, cell {site.cell}, line {site.line}" if site.cell else f"{where}:{site.line}"


def _witness(site: Site, note: str) -> Witness:
    where = f"cell {site.cell}, line {site.line}: " if site.cell else ""
    line = None if site.cell or not site.line else site.line
    return Witness(kind="file", where=site.path, line=line, note=f"{where}{shown(note, 160)}")


def _measure(count: int, reading: Reading) -> Measure:
    estimate = counted(count, n=max(reading.files, 1), method="data flow on the syntax tree")
    return Measure(name="places found", estimate=estimate, unit=f"in {reading.files} files")


def _nothing(reading: Reading, innocent: str) -> Answer:
    if not reading.files:
        return not_applicable("The repository has no script and no notebook that can be read.")
    witnesses = [Witness(kind="file", where=path, note=f"not read: {shown(why)}") for path, why in reading.unread]
    if not (reading.splits or reading.scores) or not reading.fits:
        claim = "No place was found at which rows are split, a learner is fitted and scored by calls that are known."
        return not_applicable(claim)
    measures = (_measure(0, reading),)
    if not reading.unknown and not reading.unread:
        found = f"splits: {reading.splits}, fits: {reading.fits}, scores: {reading.scores}"
        return clear(f"{innocent}; followed were {found}.", measures=measures)
    several = Counter(why for _, why in reading.unknown)
    witnesses += [_witness(site, f"not followed: {why}") for site, why in reading.unknown[:UNKNOWN_SHOWN]]
    places = how_many(len(reading.unknown) + len(reading.unread), "place")
    most = f", most often {several.most_common(1)[0][0]}" if several else ""
    return caution(
        f"Nothing was found, but {places} could not be followed{shown(most, 120)}.",
        to_do="Look at the places by hand: what they do to the rows is unknown.",
        measures=measures,
        witnesses=witnesses[: 2 * UNKNOWN_SHOWN],
    )
