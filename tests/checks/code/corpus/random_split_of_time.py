import pandas as pd
from sklearn.ensemble import RandomForestRegressor
from sklearn.model_selection import train_test_split

power = pd.read_csv("power.csv")
power["timestamp"] = pd.to_datetime(power["timestamp"])
power = power.sort_values("timestamp")
power["lag_1"] = power["load"].shift(1)
power = power.dropna()
X, y = power[["lag_1", "temperature"]], power["load"]
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2, random_state=0)
print(RandomForestRegressor().fit(X_train, y_train).score(X_test, y_test))
