import pandas as pd
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.metrics import classification_report
from sklearn.model_selection import train_test_split
from sklearn.utils import resample

df = pd.read_csv("stroke.csv")
majority = df[df.stroke == 0]
minority = df[df.stroke == 1]
more = resample(minority, replace=True, n_samples=len(majority), random_state=42)
df = pd.concat([majority, more])
train, test = train_test_split(df, test_size=0.25)
model = GradientBoostingClassifier()
model.fit(train.drop("stroke", axis=1), train["stroke"])
print(classification_report(test["stroke"], model.predict(test.drop("stroke", axis=1))))
