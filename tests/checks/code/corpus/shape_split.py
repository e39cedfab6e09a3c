import pandas as pd
from sklearn.impute import SimpleImputer
from sklearn.neighbors import KNeighborsRegressor
from sklearn.metrics import mean_squared_error

df = pd.read_csv("air.csv")
values = SimpleImputer().fit_transform(df)
n = int(values.shape[0] * 0.7)
X_train, y_train = values[:n, :-1], values[:n, -1]
X_test, y_test = values[n:, :-1], values[n:, -1]
knn = KNeighborsRegressor().fit(X_train, y_train)
print(mean_squared_error(y_test, knn.predict(X_test)))
