import numpy as np
import pandas as pd
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import train_test_split
from sklearn.utils import resample

df = pd.read_csv("sepsis.csv")
X_train, X_test, y_train, y_test = train_test_split(df.drop(columns="sepsis"), df["sepsis"], random_state=0)
base = DummyClassifier().fit(X_train, y_train)
model = HistGradientBoostingClassifier().fit(X_train, y_train)
score = model.predict_proba(X_test)[:, 1]
redrawn = []
for seed in range(1000):
    truth, said = resample(y_test, score, random_state=seed)
    redrawn.append(roc_auc_score(truth, said))
low, high = np.quantile(redrawn, [0.025, 0.975])
print(roc_auc_score(y_test, score), low, high, base.score(X_test, y_test), model.score(X_train, y_train))
