"""Does a trial of the flights brief tell its references apart, how surely, and what does it take?"""

import tempfile
from pathlib import Path

from benchmarks.measure import table
from heldout.app.demo import SEED
from heldout.app.eval_trial import try_brief
from heldout.core.lift import Band
from heldout.demo import write_eval
from heldout.report.brief_trial import answers, conclusion
from heldout.report.figures import lift_unit, number, said, seconds


def section() -> str:
    """Try the brief with the demo's seed, and tell where each reference lands."""
    with tempfile.TemporaryDirectory() as scratch:
        write_eval(Path(scratch) / "eval")
        trial = try_brief(Path(scratch) / "eval", out=Path(scratch) / "trial", seed=SEED).trial
    unit = lift_unit(trial.target.scale)
    rows = [
        [
            rung.name,
            "nothing" if rung.reported is None else number(rung.reported),
            "withheld" if rung.lift is None else said(rung.lift.estimate, unit, signed=True),
            *(f"{rung.chances[band]:.3f}" for band in Band),
            rung.band.value,
            seconds(rung.seconds),
        ]
        for rung in trial.rungs
    ]
    headings = [
        "reference",
        f"reported {trial.metric}",
        "lift",
        *(f"P({band.value})" for band in Band),
        "band",
        "graded in",
    ]
    lines = [f"- {name}: {text}" for name, text in answers(trial).items()]
    return "\n\n".join([f"{trial.readiness.value}: {conclusion(trial)}", table(headings, rows), "\n".join(lines)])
