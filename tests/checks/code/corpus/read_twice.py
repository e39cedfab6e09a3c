import pandas as pd
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC

train = pd.read_csv("train.csv")
test = pd.read_csv("test.csv")
again = pd.read_csv("train.csv")
print(len(again), again.mean(numeric_only=True))
scaler = StandardScaler().fit(train.drop(columns="y"))
model = LinearSVC().fit(scaler.transform(train.drop(columns="y")), train["y"])
print(model.score(scaler.transform(test.drop(columns="y")), test["y"]))
