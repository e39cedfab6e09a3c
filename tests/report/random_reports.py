"""Random verdicts and cards: any text, any finite number, anything optional left out."""

from hypothesis import strategies as st

from heldout.core.accept import Accept, Baseline, Mended, Standing
from heldout.core.card import Axis, Card, Price, RunRecord
from heldout.core.estimate import Estimate, Measure
from heldout.core.finding import Answer, Certainty, Ending, Finding, Witness
from heldout.core.lift import Band, Decision, Lift, LiftScale, LiftTarget
from heldout.core.price import Basis, Priced, Refit, Unaffected
from heldout.core.verdict import Score, Verdict

__all__ = ["cards", "verdicts"]

texts = st.text(st.characters(), max_size=20)  # halves of surrogate pairs included
numbers = st.floats(allow_nan=False, allow_infinity=False)
counts = st.integers(0, 10**9)
sizes = st.floats(0, 1e12)


@st.composite
def estimates(draw: st.DrawFn) -> Estimate:
    low, value, high = sorted(draw(st.tuples(numbers, numbers, numbers)))
    ends = draw(st.sampled_from(["all", "value", "none", "counted"]))
    because = draw(texts) or "too few rows"
    return Estimate(
        value=None if ends == "none" else value,
        low={"all": low, "counted": value}.get(ends),
        high={"all": high, "counted": value}.get(ends),
        n=draw(counts),
        method=draw(texts),
        level=1.0 if ends == "counted" else draw(st.sampled_from([0.9, 0.95])),
        undefined_because=because if ends in {"value", "none"} else None,
    )


measures = st.builds(Measure, name=texts, estimate=estimates(), unit=texts | st.sampled_from(["share", "%", "rows"]))
witnesses = st.builds(
    Witness, kind=texts | st.sampled_from(["file", "rows"]), where=texts, line=st.none() | counts, note=texts
)
accepts = st.builds(Accept, code=texts, reason=texts, expires=st.dates(), column=st.none() | texts)
mended = st.builds(Mended, code=texts, name=texts, columns=st.lists(texts, max_size=2).map(tuple), claim=texts)


@st.composite
def findings(draw: st.DrawFn) -> Finding:
    ending = draw(st.sampled_from(Ending))
    answer = Answer(
        ending=ending,
        claim=draw(texts) or "something",
        certainty=draw(st.sampled_from(Certainty)) if ending is Ending.PROBLEM else None,
        measures=tuple(draw(st.lists(measures, max_size=2))),
        witnesses=tuple(draw(st.lists(witnesses, max_size=2))),
        to_do=draw(texts) or "mend it",
    )
    return Finding(
        code=draw(texts),
        name=draw(texts),
        family=draw(texts),
        answer=answer,
        standing=draw(st.sampled_from(Standing)) if ending is Ending.PROBLEM else Standing.OPEN,
        accepts=tuple(draw(st.lists(accepts, max_size=2))),
        expired=tuple(draw(st.lists(accepts, max_size=1))),
    )


refits = st.builds(
    Refit,
    model=texts,
    is_proxy=st.booleans(),
    metric=texts,
    higher_is_better=st.booleans(),
    given_split=texts,
    valid_split=texts,
    as_given=estimates(),
    supported=estimates(),
    price=estimates(),
    if_suspects_too=st.none() | estimates(),
    prices=st.lists(
        st.builds(
            Priced,
            what=texts,
            codes=st.lists(texts, max_size=2).map(tuple),
            certainty=st.none() | st.sampled_from(Certainty),
            first_in=estimates(),
            last_in=estimates(),
            shapley=st.none() | numbers,
            is_exact=st.booleans(),
        ),
        max_size=3,
    ).map(tuple),
    suspects=st.lists(texts, max_size=2).map(tuple),
    not_priced=st.lists(texts, max_size=2).map(tuple),
    rows=counts,
    fitted_rows=counts,
    clusters=texts,
    refits=counts,
    seed=counts,
    notes=st.lists(texts, max_size=2).map(tuple),
)
unaffected = st.builds(
    Unaffected,
    everywhere=estimates(),
    elsewhere=estimates(),
    kept=st.floats(0, 1),
    prevalence_before=st.none() | st.floats(0, 1),
    prevalence_after=st.none() | st.floats(0, 1),
    clusters=texts,
)

verdicts = st.builds(
    Verdict,
    title=texts,
    findings=st.lists(findings(), max_size=3).map(tuple),
    score=st.none()
    | st.builds(
        Score,
        metric=texts,
        reported=st.none() | numbers,
        supported=st.none() | estimates(),
        headline=texts,
        basis=st.sampled_from(Basis),
        unaffected=st.none() | unaffected,
        refit=st.none() | refits,
    ),
    facts=st.dictionaries(texts, texts, max_size=2),
    baseline=st.none() | st.builds(Baseline, source=texts, title=texts, mended=st.lists(mended, max_size=2).map(tuple)),
    notes=st.lists(texts, max_size=2).map(tuple),
)

lifts = st.builds(
    Lift,
    metric=texts,
    scale=st.sampled_from(LiftScale),
    estimate=estimates(),
    standard_error=st.none() | sizes,
    degrees_of_freedom=st.none() | sizes,
    clusters=counts,
    design_effect=st.none() | sizes,
    largest_clusters_share=st.none() | st.floats(0, 1),
    seeds=counts,
    baseline_seeds=counts,
    seed_variance=st.none() | sizes,
    candidate=estimates(),
    baseline=estimates(),
    coverage=st.none() | estimates(),
)

cards = st.builds(
    Card,
    eval_title=texts,
    submission=texts,
    decision=st.builds(
        Decision,
        band=st.sampled_from(Band),
        reasons=st.lists(texts, max_size=2).map(tuple),
        at_minimum=st.none() | st.floats(0, 1),
    ),
    target=st.builds(LiftTarget, scale=st.sampled_from(LiftScale), minimum=numbers, target=numbers),
    lift=st.none() | lifts,
    metric=texts,
    reported=st.none() | numbers,
    reported_evaluation=texts,
    supported=st.none() | estimates(),
    prices=st.lists(
        st.builds(Price, what=texts, certainty=texts, first_in=estimates(), last_in=estimates()), max_size=3
    ).map(tuple),
    axes=st.lists(
        st.builds(Axis, name=texts, weight=st.floats(0, 1), score=estimates(), codes=st.just(()), summary=texts),
        max_size=3,
    ).map(tuple),
    findings=st.lists(findings(), max_size=2).map(tuple),
    reproducibility=texts,
    isolation=texts,
    runs=st.lists(
        st.builds(
            RunRecord,
            phase=texts,
            seed=st.none() | counts,
            command=st.lists(texts, max_size=2).map(tuple),
            ending=texts,
            cause=st.none() | texts,
            wall_seconds=sizes,
            cpu_seconds=sizes,
            peak_memory_mb=st.none() | sizes,
            output_sha256=st.none() | texts,
        ),
        max_size=2,
    ).map(tuple),
    hashes=st.dictionaries(texts, texts, max_size=2),
    volatile=st.lists(texts, max_size=2).map(tuple),
)
