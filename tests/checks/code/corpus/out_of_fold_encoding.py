import pandas as pd
from catboost import CatBoostClassifier
from sklearn.metrics import log_loss
from sklearn.model_selection import KFold, train_test_split

df = pd.read_csv("claims.csv")
train, test = train_test_split(df, test_size=0.2, random_state=9)
train, test = train.reset_index(drop=True), test.reset_index(drop=True)
train["city_rate"] = 0.0
for fit_rows, use_rows in KFold(5, shuffle=True, random_state=0).split(train):
    rate = train.iloc[fit_rows].groupby("city")["claim"].mean()
    train.loc[use_rows, "city_rate"] = train.loc[use_rows, "city"].map(rate)
test["city_rate"] = test["city"].map(train.groupby("city")["claim"].mean())
cols = ["city_rate", "age", "power"]
model = CatBoostClassifier(verbose=0).fit(train[cols], train["claim"])
print(log_loss(test["claim"], model.predict_proba(test[cols])))
