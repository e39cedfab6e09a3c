"""Samples of labels and scores that are hard to bin."""

import numpy as np
from hypothesis import strategies as st

SHAPES = ("ordinary", "rare", "saturated", "tied", "logits", "huge", "tiny", "steps near one", "alike")


def shaped(shape, n=150_000, dtype=np.float32, seed=0):
    """Label and score of a named shape, more rows than are simply sorted."""
    rng = np.random.default_rng(seed)
    label = rng.random(n) < (0.004 if shape == "rare" else 0.1)
    z = rng.normal(label - 2.0)
    with np.errstate(over="ignore", under="ignore"):
        sigmoid = 1 / (1 + np.exp(-z))
        score = {
            "ordinary": sigmoid,
            "rare": sigmoid,
            "saturated": 1 / (1 + np.exp(-12 * (z + 1.7))),
            "tied": np.round(sigmoid, 2),
            "logits": z,
            "huge": np.sign(z) * np.exp(np.abs(z) * 12),
            "tiny": np.sign(z) * np.exp(np.abs(z) * 5 - 95),  # denormal in float32
            "steps near one": 1 - rng.integers(0, 40, n) * 2.0**-24 - label * 2.0**-23,
            "alike": np.full(n, 0.25),
        }[shape].astype(dtype)
    return label, score


def by_pairs(label, score):
    """The share of pairs in order, pair by pair."""
    positive, negative = score[label == 1][:, None], score[label == 0][None, :]
    return float((positive > negative).mean() + (positive == negative).mean() / 2)


@st.composite
def adversarial(draw):
    """Up to 200 rows whose scores come from few floats, neighbours of each other or far apart, −0 and 0 among them."""
    dtype = draw(st.sampled_from([np.float32, np.float64]))
    width = 32 if dtype == np.float32 else 64
    pool = draw(st.lists(st.floats(allow_nan=False, allow_infinity=False, width=width), min_size=1, max_size=12))
    pool = np.array([*pool, 0.0, -0.0, *np.nextafter(np.array(pool, dtype), dtype(0))], dtype)
    n = draw(st.integers(2, 200))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    label = rng.random(n) < draw(st.sampled_from([0.05, 0.5, 0.9]))
    label[:2] = [False, True]
    return label, rng.choice(pool, n)
