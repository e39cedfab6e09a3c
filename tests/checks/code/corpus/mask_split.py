import numpy as np
import pandas as pd
from sklearn.ensemble import AdaBoostClassifier
from sklearn.preprocessing import QuantileTransformer

rng = np.random.RandomState(1)
bank = pd.read_csv("bank.csv", sep=";")
y = (bank.pop("y") == "yes").astype(int)
X = pd.DataFrame(QuantileTransformer().fit_transform(bank.select_dtypes("number")))
inside = rng.rand(len(X)) < 0.7
clf = AdaBoostClassifier().fit(X[inside], y[inside])
print("accuracy", np.mean(clf.predict(X[~inside]) == y[~inside]))
