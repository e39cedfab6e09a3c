import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.linear_model import Ridge
from sklearn.model_selection import cross_val_score, train_test_split
from sklearn.pipeline import make_pipeline


class Winsor(BaseEstimator, TransformerMixin):
    def __init__(self, share=0.01):
        self.share = share

    def fit(self, X, y=None):
        self.low_, self.high_ = np.quantile(X, [self.share, 1 - self.share], axis=0)
        return self

    def transform(self, X):
        return np.clip(X, self.low_, self.high_)


df = pd.read_csv("rents.csv")
X, y = df.drop(columns="rent").to_numpy(), df["rent"].to_numpy()
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2, random_state=0)
model = make_pipeline(Winsor(), Ridge())
print(cross_val_score(model, X_train, y_train).mean())
model.fit(X_train, y_train)
print(model.score(X_test, y_test))
