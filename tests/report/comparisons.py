"""Comparisons as reports show them: two systems with slices and a gate, three systems, a tie, and hostile texts."""

import functools
from dataclasses import replace

import numpy as np
import pandas as pd
from tests.report.hostile import HOSTILE, LONG

from heldout.app.compare import compare
from heldout.core.comparison import Comparison, Flip
from heldout.core.estimate import undefined

__all__ = ["gated", "hostile_comparison", "several", "tied", "undecided"]

N = 300
EASY = np.random.default_rng(1).normal(size=N)


def results(shift: float, seed: int) -> pd.DataFrame:
    answers = EASY + shift + np.random.default_rng(seed).normal(size=N) > 0
    topics = np.array(["algebra", "geometry", "logic"])[np.arange(N) % 3]
    return pd.DataFrame({"id": np.arange(N), "correct": answers, "doc": np.arange(N) // 5, "topic": topics})


@functools.cache
def gated() -> Comparison:
    return compare(
        results(0, 1),
        results(0.6, 2)[5:],
        names=("base", "tuned"),
        cluster="doc",
        slices="topic",
        margin=0.02,
        require="better",
        allow_missing=True,
    )


@functools.cache
def several() -> Comparison:
    return compare(results(0, 1), results(0.6, 2), results(0.1, 3), names=("base", "tuned", "small"))


@functools.cache
def tied() -> Comparison:
    return compare(results(0, 1), results(0, 4), names=("base", "again"))


@functools.cache
def undecided() -> Comparison:
    one, two = (results(shift, seed).assign(doc=0) for shift, seed in ((0, 1), (1, 2)))
    return compare(one, two, names=("base", "tuned"), cluster="doc", require="better")


def hostile_comparison(text: str = HOSTILE) -> Comparison:
    """Return a comparison whose every text was written by somebody who wants to break out of the report."""
    found = gated()
    pair = found.pairs[0]
    flips = (Flip(item=text, reference=0.0, candidate=1.0), Flip(item=LONG, reference=0.0, candidate=1.0))
    slices = [replace(one, column=text, value=f"{place} {text}") for place, one in enumerate(pair.slices)]
    slices[0] = replace(slices[0], difference=undefined(f"because {text}", n=0, method=text))
    pair = replace(
        pair,
        reference=text,
        candidate=LONG,
        unit=text,
        test=text,
        flips=replace(pair.flips, for_candidate=flips, for_reference=flips),
        slices=tuple(slices),
        notes=(text, LONG),
    )
    systems = (replace(found.systems[0], name=text, source=text, recognised=text), replace(found.systems[1], name=LONG))
    return replace(
        found,
        title=text,
        score=text,
        direction_by=text,
        systems=systems,
        pairs=(pair,),
        gate=replace(found.gate, reasons=(text, LONG)) if found.gate else None,
        facts={text: text, "long": LONG},
    )
