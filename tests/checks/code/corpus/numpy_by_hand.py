import numpy as np

rng = np.random.default_rng(0)
table = np.genfromtxt("wine.csv", delimiter=";", skip_header=1)
x, y = table[:, :-1], table[:, -1]
x = (x - x.mean(axis=0)) / x.std(axis=0)
order = rng.permutation(len(x))
cut = int(0.8 * len(x))
train, test = order[:cut], order[cut:]
from sklearn.linear_model import RidgeCV

model = RidgeCV().fit(x[train], y[train])
error = np.sqrt(np.mean((model.predict(x[test]) - y[test]) ** 2))
print(error)
