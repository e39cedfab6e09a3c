import lightgbm as lgb
import pandas as pd
from sklearn.metrics import mean_absolute_error
from sklearn.model_selection import train_test_split

df = pd.read_csv("houses.csv")
train, test = train_test_split(df, random_state=3)
means = train.groupby("street")["price"].mean()
for part in (train, test):
    part["street_mean"] = part["street"].map(means).fillna(train["price"].mean())
reg = lgb.LGBMRegressor().fit(train.drop(columns=["price", "street"]), train["price"])
print("MAE", mean_absolute_error(test["price"], reg.predict(test.drop(columns=["price", "street"]))))
