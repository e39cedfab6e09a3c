from sklearn.ensemble import GradientBoostingRegressor, RandomForestRegressor
from sklearn.linear_model import Lasso, LinearRegression
from sklearn.metrics import r2_score
from sklearn.model_selection import train_test_split
import pandas as pd

data = pd.read_csv("cars.csv").dropna()
X = pd.get_dummies(data.drop("price", axis=1))
X_rest, X_test, y_rest, y_test = train_test_split(X, data["price"], random_state=11)
X_train, X_valid, y_train, y_valid = train_test_split(X_rest, y_rest, random_state=12)
models = {"linear": LinearRegression(), "lasso": Lasso(), "forest": RandomForestRegressor()}
results = {}
for name, model in models.items():
    model.fit(X_train, y_train)
    results[name] = r2_score(y_valid, model.predict(X_valid))
winner = models[max(results, key=results.get)]
winner.fit(X_rest, y_rest)
print("R2", r2_score(y_test, winner.predict(X_test)))
