import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score, precision_recall_curve
from sklearn.model_selection import train_test_split

df = pd.read_csv("leads.csv")
X_train, X_test, y_train, y_test = train_test_split(df.drop(columns="won"), df["won"], stratify=df["won"])
model = LogisticRegression(max_iter=1000).fit(X_train, y_train)
p = model.predict_proba(X_test)[:, 1]
precision, recall, thresholds = precision_recall_curve(y_test, p)
f1 = 2 * precision * recall / (precision + recall)
best = thresholds[np.argmax(f1)]
print("F1", f1_score(y_test, p >= best))
