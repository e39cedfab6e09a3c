"""The boosted part: small trees on the bins, each fitted to what the trees before it left (Friedman 2001)."""

import numpy as np

DEPTH, RATE, PULL, SHARE = 4, 0.1, 20.0, 0.5
"""Splits on the way to a leaf; how much of a leaf counts; what pulls it to zero; the share of features a tree sees."""


def fit(
    codes: list[np.ndarray], ordered: list[bool], sizes: list[int], label: np.ndarray, *,
    is_chance: bool, trees: int, seed: int,
) -> dict:
    """Return the start and the trees; `ordered` says of which features the bins have an order."""
    draw = np.random.default_rng(seed)
    mean = float(label.mean())
    start = float(np.log(max(mean, 1e-6) / max(1 - mean, 1e-6))) if is_chance else mean
    inner = np.full(len(label), start)
    grown = []
    for _ in range(trees):
        chance = 1 / (1 + np.exp(-np.clip(inner, -30, 30))) if is_chance else inner
        slope, curve = label - chance, np.maximum(chance * (1 - chance), 1e-6) if is_chance else np.ones(len(label))
        seen = np.flatnonzero(draw.random(len(codes)) < SHARE)
        if seen.size == 0:
            seen = np.array([int(draw.integers(len(codes)))])
        tree, leaf = _grow(codes, ordered, sizes, slope, curve, seen)
        width = 2**DEPTH
        values = RATE * np.bincount(leaf, slope, width) / (np.bincount(leaf, curve, width) + PULL)
        inner += values[leaf]
        grown.append({"splits": tree, "values": values.tolist()})
    return {"start": start, "trees": grown}


def predict(codes: list[np.ndarray], fitted: dict) -> np.ndarray:
    """Return the sum of the leaves in which each row ends."""
    inner = np.full(len(codes[0]), fitted["start"])
    for tree in fitted["trees"]:
        inner = inner + np.array(tree["values"])[_leaves(codes, tree["splits"])]
    return inner


def _grow(codes, ordered, sizes, slope, curve, seen):
    node = np.zeros(len(slope), np.int64)
    levels = []
    for depth in range(DEPTH):
        nodes = 2**depth
        best, splits = np.full(nodes, 1e-9), [None] * nodes
        for feature in seen.tolist():
            cell, size = node * sizes[feature] + codes[feature], sizes[feature]
            slopes = np.bincount(cell, slope, nodes * size).reshape(nodes, size)
            curves = np.bincount(cell, curve, nodes * size).reshape(nodes, size)
            for number, (gain, right) in enumerate(_best(slopes, curves, ordered[feature])):
                if gain > best[number]:
                    best[number], splits[number] = gain, [feature, right]
        levels.append(splits)
        node = 2 * node + _goes_right(codes, splits, node)
    return levels, node


def _best(slopes, curves, is_ordered):
    """Of each node: the gain of its best split, and the bins that go right."""
    order = np.argsort(slopes / (curves + PULL), axis=1, kind="stable")
    if is_ordered:
        order = np.broadcast_to(np.arange(slopes.shape[1]), slopes.shape)
    left = np.cumsum(np.take_along_axis(slopes, order, 1), 1)
    weight = np.cumsum(np.take_along_axis(curves, order, 1), 1)
    total, whole = left[:, -1:], weight[:, -1:]
    gain = left**2 / (weight + PULL) + (total - left) ** 2 / (whole - weight + PULL) - total**2 / (whole + PULL)
    place = gain.argmax(1)
    return [(float(gain[node, at]), sorted(order[node, at + 1 :].tolist())) for node, at in enumerate(place)]


def _goes_right(codes, splits, node):
    right = np.zeros(len(node), np.int64)
    for feature in {split[0] for split in splits if split is not None}:
        goes = np.zeros((len(splits), 1 + int(codes[feature].max(initial=0))), np.int64)
        for number, split in enumerate(splits):
            if split is not None and split[0] == feature:
                goes[number, [code for code in split[1] if code < goes.shape[1]]] = 1
        right += goes[node, codes[feature]]
    return right


def _leaves(codes, levels):
    node = np.zeros(len(codes[0]), np.int64)
    for splits in levels:
        node = 2 * node + _goes_right(codes, splits, node)
    return node
