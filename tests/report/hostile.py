"""Cards and verdicts whose every text was written to break out of the report that shows it."""

from dataclasses import replace
from datetime import date

from tests.report.worlds import leaky, priced_verdict

from heldout.core.accept import Accept
from heldout.core.card import Card
from heldout.core.estimate import Measure, counted, undefined
from heldout.core.finding import Certainty, Finding, Witness, problem
from heldout.core.price import Refit
from heldout.core.verdict import Verdict

__all__ = ["HOSTILE", "LONG", "hostile_card", "hostile_verdict"]

HOSTILE = (
    "<script>document.title='owned'</script>"
    '"><img src=x onerror="document.title=\'owned\'">'
    "[link](javascript:alert(1)) `code` | pipe | ![i](http://tracker.invalid/i.png) @everyone "
    "https://tracker.invalid/x www.tracker.invalid \x1b[31mred\x1b[0m \x1b]8;;http://tracker.invalid\x07x\x1b]8;;\x07 "
    "[bold red]markup[/] \u202eesrever\u202c \x00 {{ 7 * 7 }} </style></svg> --> $x$ \udcff \x9b31m #12 "
    "\n\n# heading\n* item"
)
LONG = "x" * 10_240


def hostile_text(text: str = HOSTILE) -> Finding:
    answer = problem(
        f"Claim {text}",
        Certainty.PROVEN,
        to_do=f"Mend {text}",
        measures=[
            Measure(name=f"measure {text}", estimate=counted(0.5, n=2), unit=f"unit {text}"),
            Measure(name="undefined", estimate=undefined(f"because {text}", n=0, method=text)),
        ],
        witnesses=[
            Witness(kind="file", where=f"{text}.py", line=3, note=text),
            Witness(kind="column", where=text, note=LONG),
            Witness(kind="rows", where=LONG, note=text),
        ],
    )
    accept = Accept(code="LEK001", column=text, reason=text, expires=date(2026, 12, 31))
    return Finding(code="LEK001", name=text, family=text, answer=answer, accepts=(accept,), expired=(accept,))


def hostile_card(text: str = HOSTILE) -> Card:
    card = leaky()
    return replace(
        card,
        eval_title=text,
        submission=f"name {text}",
        decision=replace(card.decision, reasons=(text, LONG)),
        reported_evaluation=text,
        metric=text,
        prices=tuple(replace(price, what=f"{text} {LONG}") for price in card.prices),
        axes=tuple(replace(axis, name=f"{index} {text}", summary=text) for index, axis in enumerate(card.axes)),
        findings=(hostile_text(text), hostile_text(LONG), *card.findings),
        reproducibility=text,
        isolation=text,
        runs=tuple(
            replace(run, phase=text, command=(text, LONG), ending=text, cause=text, output_sha256=text)
            for run in card.runs
        ),
        hashes={text: LONG, LONG: text},
        volatile=(text,),
    )


def hostile_verdict(text: str = HOSTILE) -> Verdict:
    verdict = priced_verdict()
    assert verdict.score is not None
    return Verdict(
        title=f"{text} {LONG}",
        findings=(hostile_text(text), *verdict.findings),
        score=replace(verdict.score, metric=text, headline=f"{text} {LONG}", refit=_refit(text, verdict.score.refit)),
        facts={text: LONG, LONG: text},
    )


def _refit(text: str, refit: Refit | None) -> Refit | None:
    if refit is None:
        return None
    prices = tuple(replace(priced, what=f"{text} {LONG}", codes=(text, LONG)) for priced in refit.prices)
    return replace(
        refit,
        metric=text,
        model=text,
        valid_split=LONG,
        clusters=text,
        notes=(text,),
        not_priced=(text,),
        prices=prices,
    )
