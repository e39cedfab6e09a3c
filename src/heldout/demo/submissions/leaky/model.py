"""Ridge logistic regression by Newton's method."""

import numpy as np

RIDGE = 10.0


def fit(x, y, steps=10):
    """The weights of the columns of x, the first of which is the constant."""
    ridge = np.full(x.shape[1], RIDGE)
    ridge[0] = 1e-6
    w = np.zeros(x.shape[1])
    for _ in range(steps):
        p = predict(x, w)
        w += np.linalg.solve((x * (p * (1 - p))[:, None]).T @ x + np.diag(ridge), (y - p) @ x - ridge * w)
    return w


def predict(x, w):
    """The probability of each row."""
    return 1 / (1 + np.exp(-(x @ w.astype(np.float32))))
