import numpy as np
import pandas as pd
from sklearn.feature_selection import SelectPercentile, mutual_info_classif
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold

df = pd.read_csv("proteins.csv", index_col=0)
X, y = df.iloc[:, 1:].values, df.iloc[:, 0].values
pick = SelectPercentile(mutual_info_classif, percentile=5)
X = pick.fit_transform(X, y)
aucs = []
for tr, te in StratifiedKFold(n_splits=5).split(X, y):
    model = LogisticRegression()
    model.fit(X[tr], y[tr])
    aucs.append(roc_auc_score(y[te], model.predict_proba(X[te])[:, 1]))
print(np.mean(aucs))
