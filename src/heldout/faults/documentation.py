"""Repositories that nobody else can carry on: the README does not say how."""

import re
from collections.abc import Mapping

import numpy as np

from heldout.faults.planter import Planter, World
from heldout.faults.repositories import changed, clean_repository

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


PLANTERS: Mapping[str, tuple[Planter, ...]] = {
    "DOC001": (
        Planter(fault="A README without some of its sections.", effect="topics", build=_missing_sections),
        Planter(fault="No README.", effect="missing files", build=_no_readme),
    ),
}
