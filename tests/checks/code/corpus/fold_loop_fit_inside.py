import numpy as np
import pandas as pd
from sklearn.feature_selection import SelectPercentile, mutual_info_classif
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import RepeatedStratifiedKFold

df = pd.read_csv("proteins.csv", index_col=0)
X, y = df.iloc[:, 1:].values, df.iloc[:, 0].values
predictions = np.zeros(len(df))
aucs = []
for fold, (tr, te) in enumerate(RepeatedStratifiedKFold(n_splits=5, n_repeats=2).split(X, y)):
    pick = SelectPercentile(mutual_info_classif, percentile=5)
    model = LogisticRegression()
    model.fit(pick.fit_transform(X[tr], y[tr]), y[tr])
    predictions[te] = model.predict_proba(pick.transform(X[te]))[:, 1]
    aucs.append(roc_auc_score(y[te], predictions[te]))
    print(f"fold {fold}: {aucs[-1]:.3f}")
print(np.mean(aucs))
