import pandas as pd
from imblearn.over_sampling import SMOTE
from sklearn.metrics import f1_score
from sklearn.model_selection import train_test_split
from xgboost import XGBClassifier

frame = pd.read_parquet("fraud.parquet")
label = frame.pop("fraud")
X_res, y_res = SMOTE(random_state=0).fit_resample(frame, label)
Xtr, Xte, ytr, yte = train_test_split(X_res, y_res, random_state=0)
clf = XGBClassifier(max_depth=4)
clf.fit(Xtr, ytr)
print(f1_score(yte, clf.predict(Xte)))
