"""The trial of a brief as one page, as Markdown, and in a terminal."""

from collections.abc import Mapping, Sequence

from rich.console import Console

from heldout.core.brief_trial import AGENT, BriefTrial, Flaw, Readiness, Rung
from heldout.core.finding import Finding
from heldout.core.lift import Band
from heldout.report.brief_trial_chart import chances_chart, lifts_chart
from heldout.report.figures import amount, lift_unit, memory, part_of, seconds, short
from heldout.report.html import render
from heldout.report.markdown_findings import escape, table
from heldout.report.printing import new_table, print_facts, print_line, text_of
from heldout.report.text import NAME

__all__ = ["METHOD", "print_trial", "trial_page", "trial_text"]

METHOD = (
    "The chance of each band is that of the rule when the final rows are drawn again and the lift that was measured is "
    "the true one: a normal estimate with the standard error of the grading (clusters of the final rows and the seeds "
    "of both sides), its variance chi-square with Satterthwaite's degrees of freedom; reproducibility is taken as it "
    "was seen. Chances of several references together take them as independent."
)
STYLES = {Readiness.READY: "bold green", Readiness.MEND: "bold red", Readiness.UNDECIDED: "yellow"}
TONES = {Readiness.READY: "pass", Readiness.MEND: "fail", Readiness.UNDECIDED: "undecided"}
HEADINGS = ("submission", "lift", "band", *(f"P({band.value})" for band in Band), "class")
MANY = (6, 20, 100)
"""Numbers of candidates whose grading is reckoned."""
SUSPECTED = ("sound", "strong")


def conclusion(trial: BriefTrial) -> str:
    """Say in a sentence what the trial comes to."""
    if trial.readiness is Readiness.MEND:
        kinds = dict.fromkeys(flaw.kind.value for flaw in trial.blocking)
        return f"Mend this before anybody sees the brief: {'; '.join(kinds)}."
    if trial.readiness is Readiness.UNDECIDED:
        return "A reference could not be graded through no fault of the brief: run the trial again."
    chance = "" if trial.separated is None else f", in {amount(trial.separated, 'share')} of redrawn holdouts"
    return f"The brief tells sound work from the rest: sound and strong pass, above the others{chance}."


def answers(trial: BriefTrial) -> dict[str, str]:
    """Return what was asked, each with its answer."""
    unit = lift_unit(trial.target.scale)
    said = {
        "asked of a lift": f"minimum {amount(trial.target.minimum, unit, signed=True)}, target "
        f"{amount(trial.target.target, unit, signed=True)}, confidence {trial.target.confidence:g}",
    }
    if not trial.rungs:
        return said | {"references": "not graded: what was found before comes first"}
    said["smallest lift that is resolved"] = (
        "none: no lift would pass with a power of 0.8"
        if trial.resolves is None
        else f"{amount(trial.resolves, unit, signed=True)} passes with a power of 0.8"
    )
    if trial.power_at_target is not None:
        said["power at the target"] = f"{trial.power_at_target:.2f}, by the standard error that was measured"
    said["most of the budget"] = budget_answer(trial)
    said["time of grading"] = cost_answer(trial)
    agent = next((rung for rung in trial.rungs if rung.name == AGENT), None)
    if agent is not None:
        said["the agent"] = agent.band.value + (f": {agent.ended}" if agent.ended else "")
    return said


def budget_answer(trial: BriefTrial) -> str:
    """Say which reference came nearest to each limit."""
    told = []
    for what in dict.fromkeys(use.what for rung in trial.rungs for use in rung.uses):
        uses = [(use.share, rung, use) for rung in trial.rungs for use in rung.uses if use.what == what]
        known = [(share, rung, use) for share, rung, use in uses if share is not None]
        if known:
            share, rung, use = max(known, key=lambda one: one[0])
            shown = [memory(x) if what == "memory" else seconds(x) for x in (use.used or 0.0, use.limit)]
            told.append(f"{what} {shown[0]} of {shown[1]} ({share:.0%}, {rung.name}, {use.phase})")
        else:
            told.append(f"{what} not measured on this machine")
    return "; ".join(told)


def cost_answer(trial: BriefTrial) -> str:
    """Say how long one more candidate takes, and what several come to."""
    if trial.per_candidate is None:
        return "not measured"
    shared = trial.shared or 0.0
    many = ", ".join(f"{count}: {seconds(shared + count * trial.per_candidate)}" for count in MANY)
    return f"{seconds(trial.per_candidate)} a candidate on this machine, {seconds(shared)} once; candidates {many}"


def row(rung: Rung, unit: str) -> tuple[str, ...]:
    """Return a submission's cells in the order of HEADINGS."""
    lift = "withheld" if rung.lift is None else short(rung.lift.estimate, unit, signed=True)
    chances = [f"{rung.chances[band]:.2f}" if rung.chances else "-" for band in Band]
    return rung.name, lift, rung.band.value, *chances, rung.reproducibility


def suspicions(trial: BriefTrial) -> list[tuple[str, Finding]]:
    """Return what checks found on sound and strong: each is a suspicion about the brief or the check."""
    return [(rung.name, finding) for rung in trial.rungs if rung.name in SUSPECTED for finding in rung.findings]


def suspicion_lines(trial: BriefTrial) -> list[str]:
    """Return a line per finding, those of both references together."""
    names: dict[tuple[str, str, str], list[str]] = {}
    for name, finding in suspicions(trial):
        level = finding.certainty.value if finding.certainty else finding.ending.value
        names.setdefault((finding.code, level, finding.answer.claim), []).append(name)
    return [f"{code} ({level}), on {' and '.join(who)}: {claim}" for (code, level, claim), who in names.items()]


def flaw_line(flaw: Flaw) -> str:
    """Return what is wrong in a line."""
    code = f" [{flaw.code}]" if flaw.code else ""
    return f"{flaw.kind.value}: {flaw.claim}{code}"


def axes_of(rung: Rung) -> Mapping[str, str]:
    """Return the axes as they are shown."""
    return {name: part_of(score) if score.value is not None else "undefined" for name, score in rung.axes.items()}


def trial_page(trial: BriefTrial) -> str:
    """Return the page: ready or what to mend first, then where each reference landed, then what it rests on."""
    return render(
        "brief_trial.html",
        trial=trial,
        tone=TONES[trial.readiness],
        sentence=conclusion(trial),
        facts=answers(trial),
        unit=lift_unit(trial.target.scale),
        lifts_svg=lifts_chart(trial.rungs, trial.target, trial.metric),
        chances_svg=chances_chart(trial.rungs),
        suspicion_lines=suspicion_lines(trial),
        axes_of=axes_of,
        bands=list(Band),
        method=METHOD,
    )


def trial_text(trial: BriefTrial) -> str:
    """Return the trial as Markdown."""
    unit = lift_unit(trial.target.scale)
    parts = [
        f"# Trial of the brief: {escape(trial.title, NAME)}",
        f"**{trial.readiness.value}.** {escape(conclusion(trial))}",
    ]
    for heading, flaws in (("To mend", trial.blocking), ("To know", [flaw for flaw in trial.flaws if not flaw.blocks])):
        if flaws:
            lines = [f"- {escape(flaw_line(flaw))} To mend: {escape(flaw.mend)}." for flaw in flaws]
            parts += [f"## {heading}", "\n".join(lines)]
    parts.append("\n".join(f"- {name}: {escape(text)}" for name, text in answers(trial).items()))
    if trial.rungs:
        parts += [
            "## The ladder",
            table([list(HEADINGS), *([escape(cell) for cell in row(rung, unit)] for rung in trial.rungs)]),
        ]
        parts.append("\n".join(f"- {rung.name}: {escape(rung.what)}" for rung in trial.rungs))
        parts.append(METHOD)
        lines = suspicion_lines(trial) or ["No check found anything on sound or strong."]
        parts += ["## What checks found on sound work", "\n".join(f"- {escape(line)}" for line in lines)]
    if trial.notes:
        parts += ["## Notes", "\n".join(f"- {escape(note)}" for note in trial.notes)]
    return "\n\n".join(parts) + "\n"


def print_trial(trial: BriefTrial, console: Console) -> None:
    """Print the conclusion, what to mend, where each reference landed, and what that rests on."""
    print_line(console, f"Trial of the brief: {trial.title}", "bold")
    print_line(console, f"{trial.readiness.value}: {conclusion(trial)}", STYLES[trial.readiness])
    _print_flaws(console, trial.flaws)
    unit = lift_unit(trial.target.scale)
    if trial.rungs:
        shown = new_table(console, HEADINGS, gap=2)
        for rung in trial.rungs:
            shown.add_row(*(text_of(console, cell) for cell in row(rung, unit)))
        console.print(shown)
    print_facts(console, answers(trial))
    if trial.rungs:
        lines = suspicion_lines(trial)
        print_line(console, f"checks that found something on sound or strong: {len(lines) or 'none'}")
        for line in lines:
            print_line(console, line, indent=2)
    for note in trial.notes:
        print_line(console, f"note: {note}")


def _print_flaws(console: Console, flaws: Sequence[Flaw]) -> None:
    for flaw in flaws:
        print_line(
            console,
            f"{'to mend' if flaw.blocks else 'to know'}: {flaw_line(flaw)}",
            "" if flaw.blocks else "dim",
            indent=2,
        )
        print_line(console, f"mend: {flaw.mend}", indent=4)
