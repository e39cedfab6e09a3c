import pandas as pd
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.metrics import mean_absolute_error
from sklearn.preprocessing import StandardScaler

df = pd.read_csv("demand.csv", parse_dates=["date"]).sort_values("date")
df["yesterday"] = df.groupby("article")["units"].shift(1)
df["week"] = df.groupby("article")["units"].transform(lambda s: s.shift(1).rolling(7).mean())
train = df[df["date"] < "2023-01-01"]
test = df[df["date"] >= "2023-01-01"]
cols = ["yesterday", "week"]
scaler = StandardScaler().fit(train[cols])
model = HistGradientBoostingRegressor().fit(scaler.transform(train[cols]), train["units"])
print(mean_absolute_error(test["units"], model.predict(scaler.transform(test[cols]))))
