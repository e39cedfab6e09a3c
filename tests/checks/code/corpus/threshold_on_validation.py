import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score, precision_recall_curve
from sklearn.model_selection import train_test_split

df = pd.read_csv("leads.csv")
X, y = df.drop(columns="won"), df["won"]
X_dev, X_test, y_dev, y_test = train_test_split(X, y, stratify=y)
X_train, X_val, y_train, y_val = train_test_split(X_dev, y_dev, stratify=y_dev)
model = LogisticRegression(max_iter=1000).fit(X_train, y_train)
precision, recall, thresholds = precision_recall_curve(y_val, model.predict_proba(X_val)[:, 1])
best = thresholds[np.argmax(2 * precision * recall / (precision + recall))]
print("F1", f1_score(y_test, model.predict_proba(X_test)[:, 1] >= best))
