"""The verdict of an audit in a terminal or a pipe: on a screen or two what matters, with `details` all of it."""

from collections.abc import Sequence

from rich.console import Console

from heldout.core.finding import Ending, Finding
from heldout.core.price import Refit
from heldout.core.verdict import Score, Verdict
from heldout.report import price_reading, reading, verdict_reading
from heldout.report.figures import said
from heldout.report.printing import (
    CELL,
    STYLES,
    new_table,
    print_facts,
    print_finding,
    print_findings,
    print_line,
    print_title,
    text_of,
    witness_text,
)
from heldout.report.text import cut

__all__ = ["print_verdict"]

IN_FULL, MOST_LINES = 12, 40
"""Problems that are told with measures, and those told in a line each, and as many cautions; the JSON has all."""
MEASURES, WITNESSES = 2, 3
"""Of each problem so many are shown."""


def print_verdict(verdict: Verdict, console: Console, *, details: bool = False, has_pages: bool = True) -> None:
    """Print the conclusion, the score, the problems with their prices, cautions, what was looked at, and the rest.

    `has_pages` tells whether the command that prints it can also write pages (--out).
    """
    word, sentence = reading.conclusion(verdict)
    print_line(console, verdict.title, "bold")
    print_line(console, f"{word}: {sentence}", STYLES[word])
    for line in reading.team_lines(verdict):
        print_line(console, line, indent=2)
    by_ending = reading.findings_in_order(verdict.findings)
    if verdict.score:
        console.print()
        print_facts(console, price_reading.score_facts(verdict.score))
        print_line(console, verdict.score.headline, "dim")
    if details:
        _prices(console, verdict.score, details=True)
        print_findings(console, verdict.findings)
        console.print()
        print_facts(console, verdict.facts)
        return
    problems = by_ending.get(Ending.PROBLEM, ())
    _problems(console, problems)
    for finding in by_ending.get(Ending.CRASHED, ()):
        console.print()
        print_finding(console, finding)
    _prices(console, verdict.score, details=False)
    _cautions(console, by_ending.get(Ending.CAUTION, ()))
    if verdict.facts:
        console.print()
        print_facts(console, verdict.facts)
    console.print()
    _rest(console, verdict.findings)
    pages = "; --out DIR writes a page with pictures" if has_pages else ""
    print_line(console, f"--details tells each in full{pages}", "dim")


def _problems(console: Console, problems: Sequence[Finding]) -> None:
    told = verdict_reading.told_once(problems)
    for one in told[:IN_FULL]:
        console.print()
        _problem(console, one.finding)
        for other in one.also:
            print_line(console, verdict_reading.also_line(other), indent=2)
    if len(told) > IN_FULL:
        console.print()
        _lines(console, [one.finding for one in told[IN_FULL:]])
    if problems:
        console.print()
        print_line(console, verdict_reading.LEGEND, "dim")


def _problem(console: Console, finding: Finding) -> None:
    answer = finding.answer
    print_title(console, finding)
    print_line(console, answer.claim, indent=2)
    for line in reading.standing_lines(finding):
        print_line(console, line, indent=2)
    for measure in answer.measures[:MEASURES]:
        print_line(console, f"{measure.name}: {said(measure.estimate, measure.unit)}", indent=4)
    witnesses = verdict_reading.witnesses_beyond(finding)
    for witness in witnesses[:WITNESSES]:
        print_line(console, witness_text(witness), indent=4)
    if len(witnesses) > WITNESSES:
        print_line(console, f"and {len(witnesses) - WITNESSES} more", indent=4)
    print_line(console, f"to do: {answer.to_do}", indent=2)


def _cautions(console: Console, cautions: Sequence[Finding]) -> None:
    if cautions:
        console.print()
        print_line(console, f"caution ({len(cautions)}): to know, and no problem by itself", STYLES["caution"])
        _lines(console, cautions)


def _lines(console: Console, findings: Sequence[Finding]) -> None:
    for finding in findings[:MOST_LINES]:
        print_line(console, f"{finding.code} {finding.answer.claim}", indent=2)
    if len(findings) > MOST_LINES:
        print_line(console, f"and {len(findings) - MOST_LINES} more, in the JSON", indent=2)


def _rest(console: Console, findings: Sequence[Finding]) -> None:
    """Sum up in a line each what is clear, what does not arise, and what was not asked."""
    by_ending = reading.findings_in_order(findings)
    for ending, style in ((Ending.CLEAR, STYLES["clear"]), (Ending.NOT_APPLICABLE, "dim")):
        found = by_ending.get(ending, ())
        if found:
            told = "clear, nothing found" if ending is Ending.CLEAR else "where the question does not arise"
            print_line(console, f"{len(found)} {told}: {verdict_reading.names(found)}", style)
    missing = by_ending.get(Ending.NO_EVIDENCE, ())
    if missing:
        print_line(console, verdict_reading.not_asked_line(missing), "dim")


def _prices(console: Console, score: Score | None, *, details: bool) -> None:
    refit = None if score is None else score.refit
    if refit is None:
        return
    console.print()
    if refit.prices:
        print_line(console, price_reading.what_prices_are(refit))
        table = new_table(console, price_reading.PRICE_HEADINGS, gap=2)
        for priced in refit.prices:
            cells = (priced.what, price_reading.found_by(priced), *price_reading.price_cells(priced, refit))
            table.add_row(*(text_of(console, cut(cell, 4 * CELL)) for cell in cells))
        console.print(table)
        told = price_reading.together(refit)
        if told:
            print_line(console, told)
    if refit.found:
        print_line(console, f"{price_reading.FOUND}.")
        for name, text in price_reading.found_facts(refit).items():
            print_line(console, f"{name}: {text}", indent=2)
    print_facts(console, price_reading.how(refit) if details else _how(refit))


def _how(refit: Refit) -> dict[str, str]:
    return {name: text for name, text in price_reading.how(refit).items() if name not in ("intervals", "suspects")}
