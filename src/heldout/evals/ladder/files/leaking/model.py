"""The mean of what the columns say one by one."""

import numpy as np

import features


def fit(rows, label):
    known = ~np.isnan(label)
    overall = float(label[known].mean())
    fitted = {"overall": overall, "together": {}, "edges": {}, "rates": {}}
    for name, values in features.late(rows).items():
        there = values[~np.isnan(values)]
        if not len(there):
            continue
        edges = np.unique(np.quantile(there, np.linspace(0, 1, features.BINS + 1)[1:-1])).tolist()
        names = [name for name, is_known in zip(features.bins(values, edges), known) if is_known]
        fitted["edges"][name] = edges
        fitted["rates"][name] = features.means(names, label[known]) | {"-1": overall}
    if not fitted["rates"]:
        names = [name for name, is_known in zip(features.combinations(rows), known) if is_known]
        fitted["together"] = features.means(names, label[known])
    return fitted


def predict(fitted, rows):
    overall = fitted["overall"]
    if not fitted["rates"]:
        return np.array([fitted["together"].get(name, overall) for name in features.combinations(rows)])
    numbers = features.late(rows)
    said = []
    for name, edges in fitted["edges"].items():
        rates = fitted["rates"][name]
        said.append([rates.get(code, overall) for code in features.bins(numbers[name], edges)])
    return np.mean(said, axis=0)
