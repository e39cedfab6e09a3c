import pandas as pd
from sklearn.decomposition import TruncatedSVD
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split


class Experiment:
    def __init__(self, path, components=20):
        self.data = pd.read_csv(path)
        self.svd = TruncatedSVD(components)
        self.model = LogisticRegression()

    def prepare(self):
        self.y = self.data["churn"]
        self.X = self.svd.fit_transform(self.data.drop("churn", axis=1))

    def run(self):
        self.prepare()
        X_train, X_test, y_train, y_test = train_test_split(self.X, self.y, random_state=0)
        self.model.fit(X_train, y_train)
        return self.model.score(X_test, y_test)


if __name__ == "__main__":
    print(Experiment("customers.csv").run())
