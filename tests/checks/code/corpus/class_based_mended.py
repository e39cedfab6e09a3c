import pandas as pd
from sklearn.decomposition import TruncatedSVD
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split


class Experiment:
    def __init__(self, path, components=20):
        self.data = pd.read_csv(path)
        self.svd = TruncatedSVD(components)
        self.model = LogisticRegression()

    def run(self):
        y = self.data["churn"]
        X_train, X_test, y_train, y_test = train_test_split(self.data.drop("churn", axis=1), y, random_state=0)
        self.svd.fit(X_train)
        self.model.fit(self.svd.transform(X_train), y_train)
        return self.model.score(self.svd.transform(X_test), y_test)


if __name__ == "__main__":
    print(Experiment("customers.csv").run())
