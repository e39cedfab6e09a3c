"""Repositories that nobody else can carry on: the README does not say how."""

import re
from collections.abc import Mapping

import numpy as np

from heldout.faults.planter import Planter, World
from heldout.faults.repositories import changed, clean_repository
from heldout.faults.rescues import rescue

__all__ = ["PLANTERS"]

SECTION = re.compile(r"## [^\n]*\n.*?(?=\n## |\Z)", re.DOTALL)


def _missing_sections(seed: int, effect: float) -> World:
    """The README loses so many of its sections: training, predicting, what was assumed."""
    repository = clean_repository(seed)
    text = repository.text("README.md") or ""
    sections = SECTION.findall(text)
    for place in np.random.default_rng(seed).permutation(len(sections))[: round(effect)]:
        text = text.replace(sections[place], "")
    return {"repository": changed(repository, files={"README.md": text})}


def _no_readme(seed: int, effect: float) -> World:
    repository = clean_repository(seed)
    return {"repository": changed(repository, files={"README.md": None}) if effect else repository}


def _stale_commands(seed: int, effect: float) -> World:
    """Commands of the README name files that were renamed since; others name what earlier commands make."""
    repository = clean_repository(seed)
    package = next(path for path in repository.files if path.endswith("/train.py")).split("/")[-2]
    stale = (f"python {package}/train_model.py", f"python -m {package}.fit", "make retrain", "pip install -r needs.txt")
    shown = [stale[(seed + number) % len(stale)] for number in range(round(effect))]
    tempting = "$ python make_tables.py > report.sh\n$ sh report.sh\n$ python -m pytest\n$ make test\n$ python PATH.py"
    text = f"{repository.text('README.md') or ''}\n## Develop\n\n```console\n{tempting}\n```\n"
    text += "".join(f"\n```sh\n{command} --fast && echo done\n```\n" for command in shown)
    files = {"README.md": text, "Makefile": "test: lint\n\tpytest\n", "make_tables.py": "print('echo')\n"}
    return {"repository": changed(repository, files=files)}


PLACEHOLDERS = ("TBD", "Not yet measured.", "[More Information Needed]", "<!-- two sentences on this, please -->\nTODO")


def _without(*headings: str) -> tuple[Planter, ...]:
    """Return planters that take sections out of the model card, and that leave a placeholder of each."""

    def lost(seed: int, effect: float) -> World:
        return _cut(seed, effect, "")

    def empty(seed: int, effect: float) -> World:
        heading = "## {}\n\n" + PLACEHOLDERS[seed % len(PLACEHOLDERS)] + "\n"
        return _cut(seed, effect, heading)

    def _cut(seed: int, effect: float, left: str) -> World:
        repository = clean_repository(seed)
        text = repository.text("MODEL_CARD.md") or ""
        for place in np.random.default_rng(seed).permutation(len(headings))[: round(effect)]:
            section = re.compile(rf"## {headings[place]}\n.*?(?=\n## |\Z)", re.DOTALL)
            text = section.sub(left.format(headings[place]), text)
        return {"repository": changed(repository, files={"MODEL_CARD.md": text})}

    return (
        Planter(fault=f"A model card without {' and '.join(headings)}.", effect="sections", build=lost),
        Planter(fault=f"A model card with placeholders for {' and '.join(headings)}.", effect="sections", build=empty),
    )


def _unnamed(seed: int, effect: float) -> World:
    return {"rescue": rescue(seed, unnamed=round(effect))}


def _no_findings(seed: int, effect: float) -> World:
    return {"rescue": rescue(seed, uncounted="there is no FINDINGS.md" if effect else "")}


def _beside(seed: int, effect: float) -> World:
    """So many rows for each planted leak name other places; the clean twin has one such row at most."""
    return {"rescue": rescue(seed, beside=effect)}


PLANTERS: Mapping[str, tuple[Planter, ...]] = {
    "DOC001": (
        Planter(fault="A README without some of its sections.", effect="topics", build=_missing_sections),
        Planter(fault="No README.", effect="missing files", build=_no_readme),
    ),
    "DOC002": (Planter(fault="Commands that name what is gone.", effect="commands", build=_stale_commands),),
    "DOC003": _without("Intended use", "Out of scope"),
    "DOC004": _without("Data"),
    "DOC005": _without("Explanation"),
    "DOC006": _without("Trade-offs"),
    "DOC007": _without("Complexity"),
    "DOC008": _without("What to monitor"),
    "DOC009": (
        Planter(fault="Planted leaks that no row names.", effect="leaks", build=_unnamed),
        Planter(fault="A project without FINDINGS.md.", effect="missing files", build=_no_findings),
    ),
    "DOC010": (Planter(fault="Rows for what is no leak.", effect="rows for each leak", build=_beside),),
}
