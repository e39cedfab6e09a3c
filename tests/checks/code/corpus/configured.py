import argparse

import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

SCALE_FIRST = False


def prepare(frame, scaler=None, fit=False):
    values = frame.drop(columns=["label"])
    if scaler is None:
        return values, scaler
    if fit:
        scaler.fit(values)
    return scaler.transform(values), scaler


def main(argv=None):
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", default="data.csv")
    args = parser.parse_args(argv)
    df = pd.read_csv(args.data)
    if SCALE_FIRST:
        df.iloc[:, 1:] = StandardScaler().fit_transform(df.iloc[:, 1:])
    train, test = train_test_split(df, test_size=0.2, random_state=0)
    X_train, scaler = prepare(train, StandardScaler(), fit=True)
    X_test, _ = prepare(test, scaler)
    model = LogisticRegression().fit(X_train, train["label"])
    print(model.score(X_test, test["label"]))


if __name__ == "__main__":
    main()
