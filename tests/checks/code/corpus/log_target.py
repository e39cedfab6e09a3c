import numpy as np
import pandas as pd
from sklearn.linear_model import ElasticNetCV
from sklearn.metrics import mean_squared_error
from sklearn.model_selection import train_test_split

df = pd.read_csv("house_prices.csv")
df["SalePrice"] = np.log1p(df["SalePrice"])
df["Area"] = df["First"] + df["Second"]
print(df.corr()["SalePrice"].sort_values(ascending=False).head(10))
print(df["SalePrice"].mean(), df.describe())
y = df.SalePrice
X = df.drop("SalePrice", axis=1).fillna(0)
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=1)
model = ElasticNetCV().fit(X_train, y_train)
print(np.sqrt(mean_squared_error(y_test, model.predict(X_test))))
