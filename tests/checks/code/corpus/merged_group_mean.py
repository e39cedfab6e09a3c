import pandas as pd
from sklearn.linear_model import Ridge
from sklearn.model_selection import KFold

sales = pd.read_csv("sales.csv")
per_shop = sales.groupby("shop_code").agg({"units": "mean"}).reset_index()
sales = sales.merge(per_shop, on="shop_code", suffixes=("", "_shop"))
y = sales.units.values
X = sales.drop(columns=["units"]).values
scores = []
for train, test in KFold(5).split(X):
    model = Ridge().fit(X[train], y[train])
    scores.append(model.score(X[test], y[test]))
print(sum(scores) / 5)
