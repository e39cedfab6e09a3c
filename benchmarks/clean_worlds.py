"""How often an audit of a clean world says `strong` or `proven`: worlds of many sizes, half of them of real tables."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.measure import table
from benchmarks.worlds.bases import bases_for
from benchmarks.worlds.cells import CELLS, PLANNED, Cell, audited, jobs
from benchmarks.worlds.kept import results_of
from benchmarks.worlds.pictures import IMAGES, CellCount, false_alarm_picture
from heldout.core.error_control import ALPHA
from heldout.stats import clopper_pearson

MINUTES = 45.0
LEVEL = 0.95
LEAST_WORLDS = 1000
MOST_TOLD = 30
QUESTIONS = ("suspects", "cautions")
JUDGED = ("benchmarks.worlds.cells", "heldout.app.audit", "heldout.checks")

Results = Sequence[Mapping[str, Any]]


def section(minutes: float = MINUTES) -> str:
    """Audit the worlds that the minutes allow, and say how many false alarms there were."""
    name = "clean_worlds-with-adult" if "adult" in bases_for(500) else "clean_worlds"  # numbers name other worlds then
    return report_of(list(results_of(jobs(), audited, name=name, of=JUDGED, minutes=minutes).values()), IMAGES)


def report_of(results: Results, images: Path) -> str:
    """Return the section on these results; its picture is written into the folder `images`."""
    by_cell = {cell: [r for r in results if r["cell"] == cell.name] for cell in CELLS}
    counts = [
        CellCount(cell=cell, worlds=len(of), alarms=_alarmed(of), high=_upper(of), is_above=_is_above(of))
        for cell, of in by_cell.items()
    ]
    images.mkdir(exist_ok=True)
    (images / "false-alarms.svg").write_text(false_alarm_picture(counts), encoding="utf-8")
    picture = "![False alarms per cell of rows, columns and prevalence](images/false-alarms.svg)"
    parts = (_summary(results, counts), picture, _cells(by_cell), _kinds(results), _questions(results), _told(results))
    return "\n\n".join(part for part in parts if part)


def _summary(results: Results, counts: Sequence[CellCount]) -> str:
    pooled, real = _upper(results), sum(result["is_real"] for result in results)
    above = [count.cell.name for count in counts if count.is_above]
    missing = [count.cell.name for count in counts if not count.worlds]
    short = [c.cell.name for c in counts if 0 < c.worlds < PLANNED[c.cell.rows, c.cell.columns]]
    few = f"{len(short)} cells, see the table" if len(short) > MOST_TOLD / 3 else "; ".join(short) or "none"
    is_kept = pooled <= ALPHA and not above and len(results) >= LEAST_WORLDS
    broken = [result for result in results if result.get("crashed") or "raised" in result]
    refused = sum("refused" in result for result in results)
    lines = [
        f"{_alarmed(results)} of {len(results):,} audits of clean worlds, {real:,} of them of real tables whose label "
        f"was redrawn, say `strong` or `proven`: at most {pooled:.2%} at 95 % (one-sided, exact). Promised: at most "
        f"{ALPHA:.0%} over at least {LEAST_WORLDS:,} worlds, and no cell certainly above it: "
        f"{'kept' if is_kept else '**not kept**'}.",
        f"Cells certainly above {ALPHA:.0%} (lower bound, one-sided 95 %, Bonferroni over {len(CELLS)} cells): "
        f"{'; '.join(above) or 'none'}.",
        f"Cells that the compute did not allow: {'; '.join(missing) or 'none'}. With fewer worlds than planned: {few}.",
        f"The real tables: {', '.join(sorted({r['kind'].split(',')[0] for r in results if r['is_real']}))}; each alone "
        "and split at random or, the flights, by time. Adult takes part where HELDOUT_CASES names its folder.",
        f"Audits with a suspect: {_share(results, 'suspects')}; with a caution: {_share(results, 'cautions')}.",
        f"Audits in which a check crashed, or the audit itself: {len(broken)}. Refused as bad input: {refused}.",
    ]
    return "\n".join(f"- {line}" for line in lines)


def _cells(by_cell: Mapping[Cell, Results]) -> str:
    rows = [
        (
            cell.size,
            f"{cell.prevalence:g}",
            f"{len(of)} of {PLANNED[cell.rows, cell.columns]}",
            sum(result["is_real"] for result in of),
            _alarmed(of),
            f"{_upper(of):.1%}",
            sum(bool(result.get("suspects")) for result in of),
            f"{max((result['auc'] for result in of), default=0):.2f}",
            f"{sum(result['audit_cpu'] for result in of) / max(len(of), 1):.1f} s",
        )
        for cell, of in by_cell.items()
    ]
    headings = ("rows × columns", "prevalence", "worlds", "real", "false alarms", "at most (95 %)")
    return table((*headings, "with a suspect", "highest honest AUC", "CPU per audit"), rows)


def _kinds(results: Results) -> str:
    kinds = sorted({result["kind"] for result in results}, key=lambda kind: (kind in _real(results), kind))
    rows = []
    for kind in kinds:
        of = [result for result in results if result["kind"] == kind]
        codes = Counter(code for result in of for code in _codes(result))
        said = ", ".join(f"{code} × {many}" for code, many in codes.most_common())
        rows.append((kind, "real" if kind in _real(results) else "invented", len(of), _alarmed(of), said))
    return table(("kind of world", "", "worlds", "false alarms", "by"), rows)


def _questions(results: Results) -> str:
    """Count the audits in which a check asks or cautions: what is said of nearly every table says nothing."""
    said = {what: Counter(code for result in results for code in _codes(result, what)) for what in QUESTIONS}
    codes = sorted(set().union(*said.values()), key=lambda code: -sum(said[what][code] for what in QUESTIONS))
    rows = [(code, *(f"{said[what][code] / len(results):.1%}" for what in QUESTIONS)) for code in codes]
    return table(("check", "a suspect in", "a caution in"), rows) if rows else ""


def _share(results: Results, what: str) -> str:
    return f"{sum(bool(result.get(what)) for result in results) / max(len(results), 1):.1%}"


def _told(results: Results) -> str:
    """Quote the false alarms and what broke, so that each can be drawn again."""
    quoted = [
        f"- {result['job']} ({result['kind']}): {alarm['code']} {alarm['certainty']}: {alarm['claim']}"
        for result in results
        for alarm in result.get("alarms", ())
    ]
    for result in results:
        broken = [*result.get("crashed", ()), *(result[what] for what in ("raised", "refused") if what in result)]
        quoted += [f"- {result['job']} ({result['kind']}): {what}" for what in broken]
    more = [f"- and {len(quoted) - MOST_TOLD} more"] if len(quoted) > MOST_TOLD else []
    return "\n".join([*quoted[:MOST_TOLD], *more])


def _real(results: Results) -> set[str]:
    return {result["kind"] for result in results if result["is_real"]}


def _codes(result: Mapping[str, Any], what: str = "alarms") -> set[str]:
    return {said["code"] for said in result.get(what, ())}


def _alarmed(results: Results) -> int:
    return sum(bool(result.get("alarms")) for result in results)


def _upper(results: Results) -> float:
    bound = clopper_pearson(_alarmed(results), len(results), LEVEL, "upper").high if results else None
    return 1.0 if bound is None else bound


def _is_above(results: Results) -> bool:
    level = 1 - (1 - LEVEL) / len(CELLS)
    return bool(results) and (clopper_pearson(_alarmed(results), len(results), level, "lower").low or 0.0) > ALPHA
