import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split, cross_val_score

df = pd.read_csv("trial.csv")
train, test = train_test_split(df, random_state=0)
candidates = [["age"], ["age", "dose"], ["age", "dose", "weight"]]
scores = {tuple(c): cross_val_score(LogisticRegression(), train[c], train["cured"]).mean() for c in candidates}
best = list(max(scores, key=scores.get))
model = LogisticRegression().fit(train[best], train["cured"])
print(best, model.score(test[best], test["cured"]))
