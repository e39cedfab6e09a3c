import pandas as pd
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split

titanic = pd.read_csv("titanic.csv")
titanic["Age"] = titanic["Age"].fillna(titanic["Age"].mean())
titanic["Sex"] = titanic["Sex"].map({"male": 0, "female": 1})
features = ["Pclass", "Sex", "Age", "Fare"]
X_train, X_test, y_train, y_test = train_test_split(titanic[features], titanic["Survived"], test_size=0.2)
clf = RandomForestClassifier(random_state=0)
clf.fit(X_train, y_train)
print("accuracy:", clf.score(X_test, y_test))
