import pandas as pd
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.metrics import mean_absolute_error
from sklearn.preprocessing import StandardScaler

df = pd.read_csv("demand.csv", parse_dates=["date"]).sort_values("date")
cols = ["price", "stock"]
df[cols] = StandardScaler().fit_transform(df[cols])
train = df[df["date"] < "2023-01-01"]
test = df[df["date"] >= "2023-01-01"]
model = HistGradientBoostingRegressor().fit(train[cols], train["units"])
print(mean_absolute_error(test["units"], model.predict(test[cols])))
