import pandas as pd
from sklearn.linear_model import Ridge
from sklearn.metrics import r2_score
from sklearn.model_selection import train_test_split

df = pd.read_csv("yield.csv")
df["yield"] = (df["yield"] - df["yield"].mean()) / df["yield"].std()
X = df.drop(columns="yield")
y = df["yield"]
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
print(r2_score(y_test, Ridge().fit(X_train, y_train).predict(X_test)))
