import pandas as pd
from sklearn.ensemble import RandomForestRegressor
from sklearn.model_selection import TimeSeriesSplit, cross_val_score

power = pd.read_csv("power.csv")
power["timestamp"] = pd.to_datetime(power["timestamp"])
power = power.sort_values("timestamp")
power["lag_1"] = power["load"].shift(1)
power = power.dropna()
X, y = power[["lag_1", "temperature"]], power["load"]
print(cross_val_score(RandomForestRegressor(), X, y, cv=TimeSeriesSplit(5)).mean())
