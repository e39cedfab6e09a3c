import pandas as pd
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import GroupKFold, cross_val_score

df = pd.read_csv("parkinsons.csv")
print(df.groupby("subject_id").size().describe())
X = df.drop(columns=["status", "subject_id"])
print(cross_val_score(RandomForestClassifier(), X, df["status"], groups=df["subject_id"], cv=GroupKFold(5)).mean())
