import polars as pl
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.metrics import mean_absolute_error

df = pl.read_parquet("trips.parquet").sort("pickup_time")
cut = 200_000
train, test = df[:cut], df[cut:]
mean = train["distance"].mean()
features = ["distance", "hour"]


def encode(frame):
    return frame.select(features).fill_null(mean).to_numpy()


model = HistGradientBoostingRegressor().fit(encode(train), train["fare"].to_numpy())
print(mean_absolute_error(test["fare"].to_numpy(), model.predict(encode(test))))
