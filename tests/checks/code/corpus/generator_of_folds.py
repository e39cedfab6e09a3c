from sklearn.metrics import mean_absolute_percentage_error as mape
from sklearn.model_selection import TimeSeriesSplit
from sklearn.preprocessing import MinMaxScaler
from sklearn.neural_network import MLPRegressor
import pandas as pd


def folds(values, target, count=5):
    for before, after in TimeSeriesSplit(count).split(values):
        yield values[before], values[after], target[before], target[after]


def scaled(frame, *columns, **options):
    scaler = MinMaxScaler(**options)
    return scaler.fit_transform(frame[list(columns)])


prices = pd.read_csv("prices.csv", index_col="date")
X = scaled(prices, "open", "volume", feature_range=(0, 1))
y = prices["close"].to_numpy()
errors = [mape(d, MLPRegressor().fit(a, c).predict(b)) for a, b, c, d in folds(X, y)]
print(sum(errors) / len(errors))
