import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.impute import KNNImputer

df = pd.read_csv("heart.csv")
cols = [c for c in df.columns if c != "disease"]
df[cols] = KNNImputer().fit_transform(df[cols])
train = df.sample(frac=0.8, random_state=200)
test = df.drop(train.index)
model = LogisticRegression(C=0.1).fit(train[cols], train.disease)
hits = (model.predict(test[cols]) == test.disease).mean()
print(hits)
