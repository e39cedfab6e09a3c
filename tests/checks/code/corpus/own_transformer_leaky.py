import numpy as np
import pandas as pd
from sklearn.linear_model import Ridge
from sklearn.model_selection import train_test_split


class Standardiser:
    def fit(self, X):
        self.mean = np.mean(X, axis=0)
        self.std = np.std(X, axis=0)
        return self

    def transform(self, X):
        return (X - self.mean) / self.std


df = pd.read_csv("rents.csv")
X, y = df.drop(columns="rent").to_numpy(), df["rent"].to_numpy()
X = Standardiser().fit(X).transform(X)
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2, random_state=0)
print(Ridge().fit(X_train, y_train).score(X_test, y_test))
