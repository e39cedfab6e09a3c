import numpy as np
import pandas as pd
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import balanced_accuracy_score

df = pd.read_csv("soil.csv")
train, val, test = np.split(df.sample(frac=1, random_state=42), [int(0.6 * len(df)), int(0.8 * len(df))])
X_train, y_train = train.drop(columns="kind"), train["kind"]
best_score, best_depth = -1.0, None
for depth in (2, 4, 8, 16):
    forest = RandomForestClassifier(max_depth=depth).fit(X_train, y_train)
    if (score := balanced_accuracy_score(val["kind"], forest.predict(val.drop(columns="kind")))) > best_score:
        best_score, best_depth = score, depth
forest = RandomForestClassifier(max_depth=best_depth).fit(X_train, y_train)
print(balanced_accuracy_score(test["kind"], forest.predict(test.drop(columns="kind"))))
