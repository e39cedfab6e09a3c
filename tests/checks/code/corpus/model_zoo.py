from sklearn.ensemble import GradientBoostingRegressor, RandomForestRegressor
from sklearn.linear_model import Lasso, LinearRegression
from sklearn.metrics import r2_score
from sklearn.model_selection import train_test_split
import pandas as pd

data = pd.read_csv("cars.csv").dropna()
X = pd.get_dummies(data.drop("price", axis=1))
X_train, X_test, y_train, y_test = train_test_split(X, data["price"], random_state=11)
models = {
    "linear": LinearRegression(),
    "lasso": Lasso(),
    "forest": RandomForestRegressor(),
    "boosting": GradientBoostingRegressor(),
}
results = {}
for name, model in models.items():
    model.fit(X_train, y_train)
    results[name] = r2_score(y_test, model.predict(X_test))
winner = max(results, key=results.get)
print("The best model is", winner, "with R2", results[winner])
