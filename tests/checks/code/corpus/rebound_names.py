import pandas as pd
from sklearn.naive_bayes import GaussianNB
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import MinMaxScaler

df = pd.read_csv("penguins.csv").dropna()
X = MinMaxScaler().fit_transform(df[["mass", "bill"]])
print(X.mean(axis=0))
X = df[["mass", "bill"]]
y = df["species"]
X_train, X_test, y_train, y_test = train_test_split(X, y)
model = GaussianNB()
model.fit(X_train, y_train)
del X
print(model.score(X_test, y_test))
