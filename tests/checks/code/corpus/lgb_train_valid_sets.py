import lightgbm as lgb
import numpy as np
import pandas as pd
from sklearn.metrics import mean_squared_error
from sklearn.model_selection import train_test_split

df = pd.read_csv("taxi.csv")
target = np.log1p(df["trip_duration"])
features = df.drop(["trip_duration", "id"], axis=1)
x1, x2, y1, y2 = train_test_split(features, target, test_size=0.2, random_state=2017)
d_train = lgb.Dataset(x1, label=y1)
d_test = lgb.Dataset(x2, label=y2, reference=d_train)
params = {"objective": "regression", "metric": "rmse"}
booster = lgb.train(params, d_train, 3000, valid_sets=[d_test], callbacks=[lgb.early_stopping(100)])
print("RMSLE", mean_squared_error(y2, booster.predict(x2)) ** 0.5)
