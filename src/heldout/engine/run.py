"""Gives each check the evidence that it asks for, and turns what it answers into findings."""

from collections.abc import Callable, Iterable, Mapping

from heldout.core.check import Check, Need
from heldout.core.finding import Answer, Ending, Finding

__all__ = ["run"]


def run(
    checks: Iterable[Check], evidence: Mapping[str, object], *, progress: Callable[[Check], None] | None = None
) -> tuple[Finding, ...]:
    """Put the evidence to each check and return the findings, in the order of the checks.

    `evidence` maps parameter names to evidence; None stands for "not there". Missing evidence gives `no_evidence`
    and names it; an exception gives `crashed` and says which; neither stops the other checks.
    """
    findings: list[Finding] = []
    for check in checks:
        if progress is not None:
            progress(check)
        missing = tuple(need.name for need in check.needs if not need.optional and evidence.get(need.name) is None)
        if missing:
            answers: tuple[Answer, ...] = (_no_evidence(missing),)
        else:
            answers = _ask(check, evidence)
        findings += [
            Finding(code=check.code, name=check.name, family=check.family, answer=answer, missing=missing)
            for answer in answers
        ]
    return tuple(findings)


def _no_evidence(missing: tuple[str, ...]) -> Answer:
    names = ", ".join(name.replace("_", " ") for name in missing)
    return Answer(ending=Ending.NO_EVIDENCE, claim=f"Not asked, for lack of: {names}.")


def _ask(check: Check, evidence: Mapping[str, object]) -> tuple[Answer, ...]:
    try:
        given = {need.name: _typed(need, evidence[need.name]) for need in check.needs if _is_there(need, evidence)}
        answers = check.function(**given)
        answers = (answers,) if isinstance(answers, Answer) else tuple(answers)
        if not answers or not all(isinstance(answer, Answer) for answer in answers):
            raise TypeError("a check returns an Answer or several")
    except Exception as error:  # whatever a check raises is its crash, and stops no other
        claim = f"The check crashed: {type(error).__name__}: {error}"
        return (Answer(ending=Ending.CRASHED, claim=claim, to_do="Report this as a defect of Heldout."),)
    return answers


def _is_there(need: Need, evidence: Mapping[str, object]) -> bool:
    return evidence.get(need.name) is not None


def _typed(need: Need, value: object) -> object:
    if not isinstance(value, need.type):
        raise TypeError(f"{need.name} is {type(value).__name__}, the check asks for {need.type.__name__}")
    return value
