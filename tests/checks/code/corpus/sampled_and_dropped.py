import pandas as pd
import statsmodels.api as sm
from sklearn.metrics import roc_auc_score
from sklearn.linear_model import LogisticRegression
from sklearn.impute import SimpleImputer

df = pd.read_csv("heart.csv")
train = df.sample(frac=0.8, random_state=200)
test = df.drop(train.index)
imputer = SimpleImputer(strategy="median")
cols = [c for c in df.columns if c != "disease"]
A = imputer.fit_transform(train[cols])
B = imputer.transform(test[cols])
model = LogisticRegression(C=0.1).fit(A, train.disease)
print(roc_auc_score(test.disease, model.predict_proba(B)[:, 1]))
