import pandas as pd
from sklearn.linear_model import LinearRegression
from sklearn.model_selection import train_test_split

ads = pd.read_csv("advertising.csv")
X = ads[["tv", "radio"]]
y = ads["sales"]
X_train, X_test, y_train, y_test = train_test_split(X, y)
lm = LinearRegression()
lm.fit(X, y)
print("R2 on test:", lm.score(X_test, y_test))
