"""The starter kit: all that a candidate gets, and no label of the holdout."""

import json
import shutil
from pathlib import Path

import pyarrow.parquet

from heldout.core.rescue_evidence import MOST_PLACES, TOLERANCE
from heldout.evals import brief_schema, submission_schema
from heldout.evals.authoring.commitment import COMMITMENT
from heldout.evals.authoring.notice import notice, notice_markdown
from heldout.evals.authoring.program import filled, program_files, write_files
from heldout.evals.authoring.rescue import rescue_files
from heldout.evals.authoring.terms import Terms
from heldout.evals.brief import Brief, OpenBrief
from heldout.evals.parquet import read_table

__all__ = ["KIT", "template_files", "write_kit", "write_schema"]

KIT = "kit"
TALK = ("UPDATES.md", "QUESTIONS.md", "EXPERIMENTS.md")
ALERTS = ("alerts.yml", "alerts_test.yml")


def write_kit(opened: OpenBrief, terms: Terms) -> Path:
    """Write `kit/` beside the brief, from what is there already, and return it.

    It holds the brief byte by byte, the notice of what is automated, schemas, commitment, training table, feedback
    features, the baseline's program and a template of a submission that runs; of a rescue eval the leaky project too.
    """
    folder, eval_folder = opened.path.parent / KIT, opened.path.parent
    (folder / "data").mkdir(parents=True)
    for name in ("brief.toml", "brief.schema.json", COMMITMENT):
        shutil.copyfile(eval_folder / name, folder / name)
    for part in ("train", "feedback"):
        if (eval_folder / "data" / f"{part}.parquet").is_file():
            shutil.copyfile(eval_folder / "data" / f"{part}.parquet", folder / "data" / f"{part}.parquet")
    shutil.copytree(
        eval_folder / "baseline",
        folder / "baseline",
        ignore=shutil.ignore_patterns(".git", "__pycache__"),
        symlinks=True,
    )
    write_files(folder, {"submission.schema.json": _json(submission_schema()), "README.md": _readme(opened, terms)})
    write_files(folder, {"NOTICE.md": notice_markdown(notice(opened.brief))})
    write_files(folder / "template", template_files(terms))
    if terms.kind == "rescue":
        train = read_table(eval_folder / "data" / "train.parquet")
        write_files(folder / "project", rescue_files(terms, train) | _talk(terms))
    return folder


def template_files(terms: Terms) -> dict[str, str]:
    """Return the files of a submission to begin with, by path."""
    program = program_files(terms, value=0.0, evaluated="not yet", title=terms.title)
    rules = {f"monitoring/{name}": filled(f"monitoring/{name}", {}) for name in ALERTS}
    return program | rules | _talk(terms) | {".gitignore": "__pycache__/\n"}


def write_schema(folder: Path) -> None:
    """Write `brief.schema.json` beside the brief."""
    write_files(folder, {"brief.schema.json": _json(brief_schema())})


def _talk(terms: Terms) -> dict[str, str]:
    names = (*TALK, "FINDINGS.md") if terms.kind == "rescue" else TALK
    return {name: filled(f"kit/{name}", {"metric": terms.metric, "most": MOST_PLACES}) for name in names}


def _json(schema: dict[str, object]) -> str:
    return json.dumps(schema, indent=1, sort_keys=True) + "\n"


LATE = {"graded": "graded with the delay on the card, for a person to weigh", "refused": "refused"}
NOTES = {
    "lift": "",
    "drift": """
## The drift detector

It is run in the sandbox once a day, on clean days and on days that were shifted by more and more: on clean days it may
alarm {alarms:g} times a month at most, and a shift of {shift:g} standard deviations of a column has to be found. How
long it takes to find it counts too.
""",
    "rescue": """
## The project

`project/` is what was found: its score is not to be trusted. Find out why. FINDINGS.md names each fault with file and
line, says how it was told and what it was worth, and how it was mended. The mended project is your submission.

Faults were planted, and a list of them is committed to. A row names one when its line is at most {near} lines from it,
counted in `project/`; lines of a file that you mended are mapped back. A list of more than {most} places names nothing.
What else is wrong counts too, for a person: as many such rows as there are planted faults are no lack.
""",
}


def _readme(opened: OpenBrief, terms: Terms) -> str:
    brief = opened.brief
    rows = {part: _rows(opened, part) for part in ("train", "feedback", "final")}
    return filled(
        "kit/README.md",
        {
            **_contract(brief),
            "title": _line(terms.title),
            "objective": terms.objective.strip(),
            "train_rows": f"{rows['train']:,}",
            "final_rows": f"{rows['final']:,}",
            "feedback_row": f"| `data/feedback.parquet` | {rows['feedback']:,} rows without labels: predictions of "
            "them may be scored on the way |\n"
            if rows["feedback"]
            else "",
            "project_row": "| `project/` | the project to be rescued |\n" if terms.kind == "rescue" else "",
            "more": _more(terms),
            "kind_note": NOTES[terms.kind].format(
                alarms=brief.drift.false_alarms_per_month,
                shift=brief.drift.smallest_shift,
                near=TOLERANCE,
                most=MOST_PLACES,
            ),
            "check_predictions": " With\n`--predictions predictions.csv` it holds predictions for the feedback rows to "
            "the form that the grader asks for."
            if rows["feedback"]
            else "",
        },
    )


def _contract(brief: Brief) -> dict[str, object]:
    lift, budget, rubric = brief.lift, brief.budget, brief.rubric
    return {
        "hours": f"{brief.window.hours:g}",
        "grace": f"{brief.window.grace_minutes:g}",
        "late": LATE[brief.window.late],
        "begin": "project" if brief.eval.kind == "rescue" else "template",
        "cadence": f"{brief.cadence.hours:g}",
        "waking": brief.cadence.waking,
        "level": brief.eval.level,
        "ai_use": brief.eval.ai_use,
        "code": brief.deliverables.code,
        "documentation": brief.deliverables.documentation,
        "monitoring": brief.deliverables.monitoring,
        "metric": brief.metric.name,
        "direction": brief.metric.direction,
        "scale": lift.scale.value,
        "minimum": f"{lift.minimum:g}",
        "target": f"{lift.target:g}",
        "epsilon": f"{brief.reproducibility.epsilon:g}",
        "lowest": brief.reproducibility.lowest,
        "architecture": f"{rubric.architecture:g}",
        "reproducibility": f"{rubric.reproducibility:g}",
        "monitoring_weight": f"{rubric.monitoring:g}",
        "wall_seconds": f"{budget.wall_seconds:g}",
        "cpu_seconds": f"{budget.cpu_seconds:g}",
        "gpu_seconds": f"{budget.gpu_seconds:g}",
        "memory_mb": budget.memory_mb,
        "backup_plan": budget.backup_plan,
        "consent": brief.people.consent,
        "retention_days": brief.people.retention_days,
    }


def _rows(opened: OpenBrief, part: str) -> int:
    section = getattr(opened.brief.data, part)
    if section is None:
        return 0
    return int(pyarrow.parquet.read_metadata(opened.file(section.path)).num_rows)


def _more(terms: Terms) -> str:
    named = list(dict.fromkeys(name for name in (terms.time, terms.cluster) if name))
    return "".join(f", `{name}`" for name in named)


def _line(text: str) -> str:
    return " ".join(text.split())
