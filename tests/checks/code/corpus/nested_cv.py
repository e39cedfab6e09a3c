import numpy as np
from sklearn.datasets import load_digits
from sklearn.model_selection import GridSearchCV, StratifiedKFold
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

digits = load_digits()
X, y = digits.data, digits.target
outer = StratifiedKFold(n_splits=5, shuffle=True, random_state=0)
found = []
for train, test in outer.split(X, y):
    pipe = Pipeline([("scale", StandardScaler()), ("svc", SVC())])
    search = GridSearchCV(pipe, {"svc__C": [0.1, 1, 10]}, cv=StratifiedKFold(3))
    search.fit(X[train], y[train])
    found.append(search.score(X[test], y[test]))
print(np.mean(found), np.std(found))
