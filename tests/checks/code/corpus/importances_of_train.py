import numpy as np
import pandas as pd
from sklearn.ensemble import ExtraTreesClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split

df = pd.read_csv("madelon.csv")
X, y = df.drop(columns="target").values, df["target"].values
X_train, X_test, y_train, y_test = train_test_split(X, y)
trees = ExtraTreesClassifier(500).fit(X_train, y_train)
top = np.argsort(trees.feature_importances_)[-20:]
print(LogisticRegression().fit(X_train[:, top], y_train).score(X_test[:, top], y_test))
