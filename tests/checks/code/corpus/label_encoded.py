import pandas as pd
from sklearn.ensemble import ExtraTreesClassifier
from sklearn.metrics import accuracy_score
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import LabelEncoder

df = pd.read_csv("mushrooms.csv")
encoder = LabelEncoder()
y = encoder.fit_transform(df["class"])
X = pd.get_dummies(df.drop("class", axis=1))
X_train, X_test, y_train, y_test = train_test_split(X, y)
model = ExtraTreesClassifier().fit(X_train, y_train)
print(accuracy_score(y_test, model.predict(X_test)))
