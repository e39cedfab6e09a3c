import pandas as pd
from sklearn.model_selection import GridSearchCV, train_test_split
from sklearn.svm import SVR

df = pd.read_csv("concrete.csv")
X, y = df.iloc[:, :-1].values, df.iloc[:, -1].values
search = GridSearchCV(SVR(), {"C": [1, 10, 100], "gamma": [0.01, 0.1]}, cv=5)
search.fit(X, y)
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=1)
svr = SVR(**search.best_params_)
svr.fit(X_train, y_train)
print("R2", svr.score(X_test, y_test))
