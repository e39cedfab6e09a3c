from imblearn.over_sampling import SMOTE
from imblearn.pipeline import Pipeline
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_validate
from sklearn.preprocessing import StandardScaler
import pandas as pd

df = pd.read_csv("cards.csv")
X, y = df.drop(columns="Class"), df["Class"]
steps = [("scale", StandardScaler()), ("smote", SMOTE()), ("model", LogisticRegression())]
found = cross_validate(Pipeline(steps), X, y, cv=StratifiedKFold(5), scoring="average_precision")
print(found["test_score"].mean())
