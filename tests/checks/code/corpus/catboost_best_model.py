import pandas as pd
from catboost import CatBoostClassifier, Pool
from sklearn.metrics import accuracy_score
from sklearn.model_selection import train_test_split

df = pd.read_csv("claims.csv")
y = df.claim
X = df.drop(["claim"], axis=1)
X_train, X_test, y_train, y_test = train_test_split(X, y, train_size=0.75)
model = CatBoostClassifier(iterations=2000, random_seed=1)
model.fit(X_train, y_train, eval_set=Pool(X_test, y_test))
print(accuracy_score(y_test, model.predict(X_test)))
