import pandas as pd
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import OrdinalEncoder

df = pd.read_csv("bank.csv")
df["job"] = df["job"].fillna("unknown").astype("category").cat.codes
df[["marital", "housing"]] = OrdinalEncoder().fit_transform(df[["marital", "housing"]])
df["ratio"] = df["balance"] / (df["age"] + 1)
df["long"] = (df["duration"] > 300).astype(int)
df = df.drop_duplicates().reset_index(drop=True)
print(df.groupby("job")["y"].mean())
X, y = df.drop(columns=["y"]), df["y"].map({"yes": 1, "no": 0})
X_train, X_test, y_train, y_test = train_test_split(X, y, stratify=y, random_state=0)
model = RandomForestClassifier(class_weight="balanced").fit(X_train, y_train)
print(model.score(X_test, y_test))
