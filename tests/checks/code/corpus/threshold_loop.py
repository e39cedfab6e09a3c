import numpy as np
from sklearn.datasets import make_classification
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import f1_score
from sklearn.model_selection import train_test_split

X, y = make_classification(5000, weights=[0.9])
a, b, ya, yb = train_test_split(X, y)
rf = RandomForestClassifier().fit(a, ya)
scores = rf.predict_proba(b)[:, 1]
best_t, best_f1 = 0.5, 0
for t in np.linspace(0.05, 0.95, 19):
    f1 = f1_score(yb, scores > t)
    if f1 > best_f1:
        best_t, best_f1 = t, f1
print("best F1", best_f1, "at", best_t)
