import pandas as pd
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split

df = pd.read_csv("parkinsons.csv")
per_subject = df.groupby("subject_id").size()
print("recordings per subject", per_subject.mean())
X = df.drop(columns=["status", "subject_id"])
X_train, X_test, y_train, y_test = train_test_split(X, df["status"], test_size=0.2, random_state=3)
forest = RandomForestClassifier().fit(X_train, y_train)
print(forest.score(X_test, y_test))
