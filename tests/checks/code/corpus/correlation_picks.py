import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split

genes = pd.read_csv("genes.csv")
strength = genes.corr()["tumour"].abs()
chosen = strength[strength > 0.3].index.drop("tumour")
X_train, X_test, y_train, y_test = train_test_split(genes[chosen], genes["tumour"], random_state=2)
print(LogisticRegression().fit(X_train, y_train).score(X_test, y_test))
