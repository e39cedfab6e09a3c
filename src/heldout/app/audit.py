"""The use case of `heldout audit`: tables in, a verdict out."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Literal

from heldout.app.asked import Asked
from heldout.app.audit_availability import availability_of
from heldout.app.audit_facts import facts_of
from heldout.app.audit_leakage import LEAKAGE_EVIDENCE, leakage_evidence
from heldout.app.audit_manifest import declared_split
from heldout.app.audit_runs import RUNS_EVIDENCE, runs_evidence
from heldout.app.audit_score import score_of
from heldout.app.audit_scoring import Use, scoring_of
from heldout.app.audit_split import SPLIT_EVIDENCE, split_evidence
from heldout.app.audited import Audited, Reader, read_audited
from heldout.app.declarations import refuse_bad_declarations
from heldout.app.first_look import first_look
from heldout.app.standings import standings_of
from heldout.core.accept import Accept
from heldout.core.check import Check
from heldout.core.errors import BadInput
from heldout.core.finding import Certainty, Finding
from heldout.core.profile import LabelKind
from heldout.core.progress import Progress, Step, as_progress
from heldout.core.verdict import Verdict
from heldout.engine import catalog, run
from heldout.engine import select as selected
from heldout.tables import (
    Source,
    SplitAdvice,
    copies_of,
    entities_of,
    profile_of,
    split_advice,
    time_order_of,
)

__all__ = ["EVIDENCE", "audit", "audit_checks"]

EVIDENCE = (
    LEAKAGE_EVIDENCE
    | RUNS_EVIDENCE
    | SPLIT_EVIDENCE
    | {
        "availability",
        "baselines",
        "copies",
        "decision",
        "entity_overlap",
        "predictions",
        "profile",
        "reported",
        "slices",
        "threshold",
        "time_order",
    }
)
"""What an audit of tables can put to checks; a check that needs anything else is not among those asked."""

KINDS = {None: None, "classification": LabelKind.MULTICLASS, "regression": LabelKind.REGRESSION}


def audit(
    data: Source,
    *,
    target: str | None = None,
    test: Source | None = None,
    manifest: str | Path | None = None,
    positive: str | None = None,
    task: Literal["classification", "regression"] | None = None,
    time: str | None = None,
    entity: str | None = None,
    row_id: str | None = None,
    horizon: str | None = None,
    embargo: str | None = None,
    fold: str | None = None,
    predictions: Source | None = None,
    reported: float | None = None,
    interval: tuple[float, float] | None = None,
    metric: str | None = None,
    slices: Sequence[str] = (),
    threshold: float | None = None,
    threshold_chosen_on: str = "",
    capacity: int | None = None,
    costs: tuple[float, float] | None = None,
    needs_probability: bool = False,
    known_at_prediction: str | Path | Iterable[str] | None = None,
    evaluations: int | None = None,
    corpus: Sequence[str | Path] = (),
    estimator: object | None = None,
    price: bool = True,
    seed: int = 0,
    drop: Sequence[str] = (),
    null_texts: Sequence[str] = (),
    header: bool = True,
    separator: str | None = None,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    accept: Sequence[Accept] = (),
    since: str | Path | None = None,
    today: date | None = None,
    looks_first: bool = False,
    progress: Progress | Step | None = None,
) -> Verdict:
    """Audit one table, or a train and a test table: which columns give the answer away, and does the split hold?

    `data` and `test` are paths (CSV, gzipped or zipped CSV, Parquet) or pandas, Polars, pyarrow or DuckDB frames.
    `target` is a column or a comparison such as "arr_delay >= 15", `positive` the class that counts as 1. `manifest` is
    that of a split whose parts these are; one that lies beside them is found. Their hashes are verified, and target,
    time, entity, horizon, embargo and fold that it declares hold where none are given.
    `time` and `entity` name the columns by which rows belong together, `row_id` the key that matches `predictions`
    (scores of the test rows, in [0, 1] for a classifier) to rows; without it they are matched by order.
    `reported` with `metric` and `interval` is the score that somebody quotes. `slices` are columns of few values in
    each of which the predictions are scored; `threshold` is the one that a score is reported at, and that a metric of
    calls (accuracy, f1, precision, ...) is computed at; `threshold_chosen_on` the rows that it was chosen on
    ("validation", "test"). What the score is for: `capacity`, the number of scored rows that can be acted on; `costs`
    of a false positive and a false negative; `needs_probability`.
    `known_at_prediction` names the columns that exist when a prediction is made: a file or the names.
    `horizon` is how long after a row's time its label is known ("7d"), `embargo` the gap to keep between train and
    test, `fold` the column that numbers folds, `evaluations` how many models or settings were scored on test, `corpus`
    files of texts that a model was trained on, `estimator` an unfitted scikit-learn estimator that may be fitted again,
    `seed` that of everything drawn. What is found is priced by fitting again, that estimator or a stated proxy, unless
    `price` is false. `select` and `ignore` select checks by code, name or family.
    `accept` holds the problems that are lived with until the day `today` (in UTC now where None) is past theirs;
    `since` is the JSON of an earlier verdict, whose problems are known. `progress` is called with a short sentence
    before each step (see `heldout.core.progress` for more); with `looks_first` it is told what a few thousand rows of
    a large file show, before the file is read.

    Raises BadInput for anything that cannot be audited, and says how to mend it.
    """
    say = as_progress(progress)
    declared = declared_split(manifest, data, test)
    target, positive = target or declared.target, positive or declared.positive
    if target is None:
        raise BadInput("no target is given", expected="the column to predict", mend="for instance: --target y")
    asked = Asked(
        time=time or declared.time,
        entity=entity or declared.entity,
        row_id=row_id,
        fold=fold or declared.fold,
        horizon=horizon or declared.horizon,
        embargo=embargo or declared.embargo,
        evaluations=evaluations,
        corpus=tuple(map(str, corpus)),
        estimator=estimator,
        seed=seed,
    )
    use = Use(
        metric=metric,
        reported=reported,
        interval=interval,
        predictions=predictions,
        slices=slices,
        threshold=threshold,
        threshold_chosen_on=threshold_chosen_on,
        capacity=capacity,
        costs=costs,
        needs_probability=needs_probability,
    )
    standings = standings_of(accept, since, target=target, today=today, checks=audit_checks())
    checks = selected(audit_checks(), select, ignore)
    read = Reader(drop=(*drop, *declared.drop), null_texts=null_texts, header=header, separator=separator, say=say)
    if looks_first:
        first_look(read, data, checks, target=target, positive=positive, kind=KINDS[task])
    audited = read_audited(read, data, test, target=target, positive=positive, kind=KINDS[task], seed=seed)
    standings.refuse_unknown_columns(tuple(audited.train.columns), audited.train.source)
    refuse_bad_declarations(audited, asked)
    scoring = scoring_of(audited, use, read, asked)
    availability = availability_of(audited, known_at_prediction, asked)
    asked = replace(asked, known=None if availability is None else availability.known)
    needed = {need.name for check in checks for need in check.needs}
    evidence, row_numbers = _evidence(audited, asked, needed, say)
    evidence = {**evidence, **scoring.evidence, "availability": availability}
    findings = run(checks, evidence, progress=_asking(checks, say))
    refit = None
    if price:
        from heldout.app.audit_price import price_of  # scikit-learn takes a second or more to load

        is_bare = scoring.is_asked_for and scoring.rescored is None
        refit = price_of(audited, asked, findings, scoring.metric, say, as_is=is_bare)
    say("looking for entities, times and repeated rows")
    advice = _advice(audited, asked, findings)
    undeclared = "" if audited.test is None else _undeclared(advice, asked)
    facts = facts_of(audited, advice, scoring.rescored, row_numbers)
    verdict = Verdict(
        title=f"Audit of {_named(audited)} for {target}",
        findings=findings,
        score=score_of(
            scoring.reported, scoring.rescored, findings, scoring.metric, undeclared=undeclared, refit=refit
        ),
        facts={**facts, "split": declared.fact} if declared.fact else facts,
    )
    return standings.judged(verdict)


def _evidence(
    audited: Audited, asked: Asked, needed: Collection[str], say: Progress
) -> tuple[Mapping[str, object], tuple[str, ...]]:
    """Return the evidence that rows give, as far as checks need it, and the columns that only number rows."""
    evidence: dict[str, object] = {}
    row_numbers: tuple[str, ...] = ()
    if "profile" in needed:
        say(f"profiling {audited.train.rows:,} rows")
        evidence["profile"] = profile_of(audited.train, audited.label)
    train, test = audited.train, audited.test
    if test is not None:
        say("comparing train and test")
        evidence["copies"], row_numbers = copies_of(train, test, audited.label, audited.test_label)
        evidence["time_order"] = None if asked.time is None else time_order_of(train, test, asked.time)
        evidence["entity_overlap"] = None if asked.entity is None else entities_of(train, test, asked.entity)
    for what, names, gather in (
        ("looking at how rows were split", SPLIT_EVIDENCE, split_evidence),
        ("looking for what gives the target away", LEAKAGE_EVIDENCE, leakage_evidence),
        ("looking at neighbours, times and texts", RUNS_EVIDENCE, runs_evidence),
    ):
        wanted = sorted(names & set(needed))
        if wanted:
            say(what)
            evidence |= gather(audited, asked, wanted)
    return evidence, row_numbers


def _advice(audited: Audited, asked: Asked, findings: Iterable[Finding]) -> SplitAdvice:
    known = audited.label.known
    rows, labels = audited.train.filter(known), audited.label.rows(known)
    return split_advice(rows, labels, time=asked.time, entity=asked.entity, ignored=_giving_away(findings))


def _asking(checks: Sequence[Check], say: Progress) -> Callable[[Check], None]:
    """Tell which check is asked, and how many are done."""

    def tell(check: Check) -> None:
        say(f"asking {check.code} {check.name}")
        say.advance(checks.index(check), len(checks), "checks")

    return tell


def audit_checks() -> tuple[Check, ...]:
    """Return the checks whose evidence an audit of tables can give."""
    return tuple(check for check in catalog() if {need.name for need in check.needs if not need.optional} <= EVIDENCE)


def _undeclared(advice: SplitAdvice, asked: Asked) -> str:
    """Say what the split was not held to, because it looks like time or entity and was not declared."""
    found = advice.structure
    unheld = []
    if asked.time is None and found.times and found.holds_times:
        unheld.append(f"{found.times[0]} looks like time (--time)")
    if asked.entity is None and found.entity is not None:
        unheld.append(f"{found.entity.key} looks like an entity (--entity)")
    if not unheld:
        return ""
    return (
        f" Not examined, because it was not declared: {' and '.join(unheld)}. A split that shares it flatters a model."
    )


def _giving_away(findings: Iterable[Finding]) -> frozenset[str]:
    """Return the columns that a strong or proven leak was found in."""
    sure = [finding for finding in findings if finding.family == "leakage" and finding.is_problem_at(Certainty.STRONG)]
    witnesses = [witness for finding in sure for witness in finding.answer.witnesses]
    return frozenset(witness.where for witness in witnesses if witness.kind == "column")


def _named(audited: Audited) -> str:
    names = [table.source for table in (audited.train, audited.test) if table is not None]
    return " and ".join(Path(name).name for name in names)
