"""The briefs that a rehearsal can open: a year of flights, a marketplace's orders, or a folder of one's own."""

import json
import secrets
import shutil
from pathlib import Path

from heldout.core.errors import BadInput
from heldout.core.lift import LiftScale, LiftTarget
from heldout.core.progress import Step
from heldout.demo import write_eval
from heldout.evals.authoring.brief_text import write_brief
from heldout.evals.authoring.commitment import COMMITMENT, OPENING, commitment_of, opening_of
from heldout.evals.authoring.kit import KIT, write_kit, write_schema
from heldout.evals.authoring.program import program_files, write_files
from heldout.evals.authoring.terms import Terms, Window, terms_in
from heldout.evals.brief import OpenBrief, open_brief
from heldout.evals.data import verify_data
from heldout.practice.rehearsal.orders import KNOWN, write_orders

__all__ = ["first_files", "flights", "orders", "own"]

PRIVATE = 0o700
BLIND = 0.5
PROGRAM = ("train.py", "predict.py", "plain_parquet.py")
ORDERS = Terms(
    title="Late orders of a marketplace",
    objective="Say when an order is placed how likely it is to arrive late, better than the rate of all orders does, "
    "and in a way that another engineer can run, watch and carry on.",
    kind="lift",
    level="mid",
    key="order",
    time="ordered_on",
    cluster="ordered_on",
    target="late",
    positive=1,
    rows_without_label="There are none.",
    known=KNOWN,
    metric="roc_auc",
    direction="higher",
    lift=LiftTarget(scale=LiftScale.RELATIVE, minimum=0.2, target=0.35),
    window=Window(hours=48, cadence=10),
    epsilon=1e-6,
    has_feedback=False,
)


def flights(folder: Path, *, seed: int, say: Step) -> None:
    """Write the eval of the flights of 2013 to `folder`. Raises BadInput where the extra `demo` is not installed."""
    say("writing the eval: 336,776 flights of 2013")
    write_eval(folder)
    _complete(folder, seed=seed)


def orders(folder: Path, *, rows: int, seed: int, say: Step) -> None:
    """Write an eval of so many orders to `folder`; what was planted lies in `answers/truth.json`. Raises BadInput."""
    say(f"drawing {rows:,} orders")
    truth = write_orders(folder, rows=rows, seed=seed)
    planted = {"best_roc_auc": truth.best_roc_auc, "late": truth.late, "written_afterwards": _late_columns()}
    (folder / "answers" / "truth.json").write_text(json.dumps(planted, indent=1) + "\n", encoding="utf-8")
    said = "the same number for each row, which tells nothing"
    write_files(folder / "baseline", program_files(ORDERS, value=BLIND, evaluated=said, title="The baseline"))
    write_brief(ORDERS, folder)
    _complete(folder, seed=seed)


def own(brief: Path, folder: Path, *, seed: int, say: Step) -> None:
    """Copy an eval of one's own to `folder`, with what a kit lacks. Raises BadInput for what is none.

    Records, gradings and tokens that lie beside the brief stay where they are.
    """
    opened = open_brief(brief)
    if not opened.answers_file("final").is_file():
        raise BadInput(
            f"{opened.folder} has a brief, and no answers to grade with",
            where=str(opened.answers_file("final")),
            expected="the folder that `heldout eval new` wrote, with its answers",
            mend="a kit can only be worked on: ask for the eval's folder, or rehearse another brief",
        )
    verify_data(opened)
    say(f"copying {opened.brief.eval.title}")
    folder.mkdir(parents=True)
    for path in _files_of(opened):
        target = folder / path.relative_to(opened.folder)
        target.parent.mkdir(parents=True, exist_ok=True)
        if path.is_dir():
            shutil.copytree(path, target, ignore=shutil.ignore_patterns(".git", "__pycache__"), symlinks=True)
        else:
            shutil.copyfile(path, target)
    _complete(folder, seed=seed)


def first_files(folder: Path) -> dict[str, bytes]:
    """Return the files to begin with, by path: the kit's project or template.

    Where the template cannot read the tables (they are compressed) it is the baseline's program, with the rest of the
    template.
    """
    kit, opened = folder / KIT, open_brief(folder)
    begin = kit / "project" if opened.brief.eval.kind == "rescue" else kit / "template"
    files = _read(begin)
    if begin.name == "template" and not _is_plain(folder):
        baseline = _read(kit / "baseline")
        files = {name: text for name, text in files.items() if name not in PROGRAM} | baseline
    return files


def _is_plain(folder: Path) -> bool:
    """Tell whether the template's own reader can read the training table."""
    import pyarrow.parquet as pq

    opened = open_brief(folder)
    metadata = pq.ParquetFile(opened.file(opened.brief.data.train.path)).metadata
    group = metadata.row_group(0)
    return all(group.column(place).compression == "UNCOMPRESSED" for place in range(group.num_columns))


def _complete(folder: Path, *, seed: int) -> None:
    """Write what `heldout eval new` writes beside a brief, where it is not there: schema, opening, commitment, kit."""
    if not (folder / "brief.schema.json").is_file():
        write_schema(folder)
    if not (folder / OPENING).is_file():
        opening = opening_of(folder, author_seed=seed, grader_seed=secrets.randbits(31))
        (folder / OPENING).touch(mode=0o600)
        (folder / OPENING).write_bytes(opening.written())
        said = json.dumps(commitment_of(opening), indent=1) + "\n"
        (folder / COMMITMENT).write_text(said, encoding="utf-8")
    opened = open_brief(folder)
    if not (folder / KIT).is_dir():
        if opened.brief.eval.kind == "rescue":
            raise BadInput(
                "the project to be rescued is not there",
                where=str(folder / KIT / "project"),
                expected="the kit that `heldout eval new --kind rescue` wrote beside the brief",
                mend="name the whole folder of the eval",
            )
        write_kit(opened, terms_in(opened.brief))
    (folder / "answers").chmod(PRIVATE)


def _files_of(opened: OpenBrief) -> list[Path]:
    """Return the files and folders of an eval that a rehearsal needs. Raises BadInput for one outside of its folder."""
    data, answers = opened.brief.data, opened.brief.answers
    named = [opened.file(part.path) for part in (data.train, data.feedback, data.final) if part]
    named += [opened.answers_file(name) for name in ("feedback", "final") if getattr(answers, name)]
    named.append(opened.file(opened.brief.baseline.path))
    outside = [path for path in named if not path.is_relative_to(opened.folder)]
    if outside:
        raise BadInput(
            "the brief names a file outside of its folder",
            where=str(outside[0]),
            expected="an eval that lies in one folder",
            mend="move the file in, and name it there",
        )
    wanted = ["brief.toml", "brief.schema.json", COMMITMENT, OPENING, KIT, "answers/planted.json"]
    beside = [opened.folder / name for name in wanted]
    return [*named, *(path for path in beside if path.exists())]


def _read(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink() and "__pycache__" not in path.parts
    }


def _late_columns() -> list[str]:
    return ["courier_scans", "refund_cents"]
