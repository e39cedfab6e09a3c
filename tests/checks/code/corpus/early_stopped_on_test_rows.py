import xgboost as xgb
from sklearn.datasets import fetch_california_housing
from sklearn.metrics import mean_squared_error
from sklearn.model_selection import train_test_split

bunch = fetch_california_housing()
X_train, X_test, y_train, y_test = train_test_split(bunch.data, bunch.target, test_size=0.3)
model = xgb.XGBRegressor(n_estimators=5000, early_stopping_rounds=50)
model.fit(X_train, y_train, eval_set=[(X_test, y_test)], verbose=False)
print(mean_squared_error(y_test, model.predict(X_test)) ** 0.5)
