import lightgbm as lgb
import pandas as pd
from sklearn.metrics import mean_absolute_error
from sklearn.model_selection import train_test_split

df = pd.read_csv("houses.csv")
means = df.groupby("street")["price"].mean()
df["street_mean"] = df["street"].map(means)
y = df["price"]
X = df.drop(columns=["price", "street"])
X_tr, X_te, y_tr, y_te = train_test_split(X, y, random_state=3)
reg = lgb.LGBMRegressor().fit(X_tr, y_tr)
print("MAE", mean_absolute_error(y_te, reg.predict(X_te)))
