import pandas as pd
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import RobustScaler
from sklearn.tree import DecisionTreeClassifier

df = pd.read_csv("wells.csv")
parts = {}
parts["train"], parts["test"] = train_test_split(df, test_size=0.2)
scaler = RobustScaler()
cols = ["depth", "distance"]
scaler.fit(parts["train"][cols])
for key, part in parts.items():
    parts[key] = part.assign(**dict(zip(cols, scaler.transform(part[cols]).T)))
tree = DecisionTreeClassifier(max_depth=4)
tree.fit(parts["train"][cols], parts["train"]["wet"])
print(tree.score(parts["test"][cols], parts["test"]["wet"]))
