from sklearn.datasets import load_diabetes
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.model_selection import KFold
import lightgbm as lgb
import numpy as np

X, y = load_diabetes(return_X_y=True)
scores = []
for train, test in KFold(5, shuffle=True, random_state=0).split(X):
    rng = np.random.default_rng(0)
    order = rng.permutation(train)
    inner, stop = order[: len(order) // 2], order[len(order) // 2 :]
    model = lgb.LGBMRegressor(n_estimators=1000)
    model.fit(X[inner], y[inner], eval_set=[(X[stop], y[stop])], callbacks=[lgb.early_stopping(20)])
    scores.append(np.mean(np.abs(model.predict(X[test]) - y[test])))
print(np.mean(scores))
