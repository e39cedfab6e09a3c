import pandas as pd
from sklearn.linear_model import LinearRegression
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

old = pd.read_csv("2021.csv")
scaler = StandardScaler().fit(old[["a", "b"]])
new = pd.read_csv("2022.csv")
X = scaler.transform(new[["a", "b"]])
X_train, X_test, y_train, y_test = train_test_split(X, new["c"])
print(LinearRegression().fit(X_train, y_train).score(X_test, y_test))
