"""Writes a brief that a person can read: the template beside this file, filled in."""

import hashlib
import string
from pathlib import Path

from heldout.core.lift import LiftScale
from heldout.evals.authoring.presets import ANCHORS, KINDS, LEVELS
from heldout.evals.authoring.terms import Terms, toml_value

__all__ = ["brief_text", "write_brief"]

TEMPLATE = Path(__file__).parent / "templates" / "brief.toml.template"
SCALES = {
    LiftScale.ABSOLUTE: "the difference of the two scores",
    LiftScale.RELATIVE: "the difference as a share of the baseline's score",
    LiftScale.ERROR_REDUCTION: "the share of the baseline's distance to a perfect score that is taken away",
}
HASHED = ("data/train", "data/feedback", "data/final", "answers/feedback", "answers/final")


def write_brief(terms: Terms, folder: Path) -> Path:
    """Write `folder`/brief.toml over the data and answers that are there, and return its path."""
    hashes = {
        name: hashlib.sha256(path.read_bytes()).hexdigest()
        for name in HASHED
        if (path := folder / f"{name}.parquet").is_file()
    }
    path = folder / "brief.toml"
    path.write_text(brief_text(terms, hashes), encoding="utf-8")
    return path


def brief_text(terms: Terms, hashes: dict[str, str]) -> str:
    """Return the brief in TOML; `hashes` has the SHA-256 of each file by its name without ending."""
    level, kind = LEVELS[terms.level], KINDS[terms.kind]
    quoted = {
        name: toml_value(getattr(terms, name))
        for name in (
            *("title", "objective", "kind", "level", "key", "target", "rows_without_label"),
            *("metric", "direction", "epsilon"),
        )
    }
    lift = terms.lift
    return string.Template(TEMPLATE.read_text(encoding="utf-8")).substitute(
        quoted,
        time=f"time = {toml_value(terms.time)}  # when a row happened\n" if terms.time else "",
        cluster_line=f"cluster = {toml_value(terms.cluster)}  # rows that share its value depend on each other"
        if terms.cluster
        else "# no cluster: rows are taken to be independent",
        positive=f"positive = {toml_value(terms.positive)}  # counts as 1"
        if terms.positive is not None
        else "# no positive: the target is a number",
        known="".join(f"    {toml_value(name)},\n" for name in terms.known),
        data_train=hashes["data/train"],
        data_final=hashes["data/final"],
        answers_final=hashes["answers/final"],
        feedback_data=_file("data.feedback", hashes, "data/feedback") if terms.has_feedback else "",
        feedback_answers=_file("answers.feedback", hashes, "answers/feedback") if terms.has_feedback else "",
        scale=toml_value(lift.scale.value),
        scale_words=SCALES[lift.scale],
        minimum=toml_value(float(lift.minimum)),
        confidence=toml_value(lift.confidence),
        lift_target=toml_value(float(lift.target)),
        hours=toml_value(float(terms.window.hours)),
        cadence=toml_value(float(terms.window.cadence)),
        drift=_drift() if terms.kind == "drift" else "",
        code=toml_value(kind.code),
        documentation=toml_value(kind.documentation),
        monitoring=toml_value(kind.monitoring),
        architecture=toml_value(level.architecture),
        reproducibility=toml_value(level.reproducibility),
        monitoring_weight=toml_value(level.monitoring),
        anchors=_anchors(),
    )


def _file(section: str, hashes: dict[str, str], name: str) -> str:
    path = f'path = "{name}.parquet"\n' if section.startswith("data") else ""
    said = "  # candidates have these features, not their answers" if path else ""
    return f'\n[{section}]{said}\n{path}sha256 = "{hashes[name]}"\n'


def _drift() -> str:
    return (
        "\n[drift]  # what the detector is held to, in the sandbox, on clean days and on days that were shifted\n"
        "days = 60\n"
        "false_alarms_per_month = 1.0  # on clean days, at most\n"
        "smallest_shift = 0.25  # to be found, in standard deviations of a column\n"
    )


def _anchors() -> str:
    sections = []
    for axis, levels in ANCHORS.items():
        lines = "".join(f"{level} = {toml_value(words)}\n" for level, words in levels.items())
        sections.append(
            f"[rubric.anchors.{axis}]  # what it looks like at each level, which includes those before it\n{lines}"
        )
    return "\n".join(sections)
