from sklearn.datasets import load_breast_cancer
from sklearn.ensemble import RandomForestClassifier
from sklearn.feature_selection import SelectKBest, f_classif
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import train_test_split


def main():
    X, y = load_breast_cancer(return_X_y=True)
    selector = SelectKBest(f_classif, k=10).fit(X, y)
    X = selector.transform(X)
    parts = train_test_split(X, y, stratify=y)
    X_train, X_test, y_train, y_test = parts
    forest = RandomForestClassifier(n_estimators=200).fit(X_train, y_train)
    chance = forest.predict_proba(X_test)[:, 1]
    print("AUC", roc_auc_score(y_test, chance))


if __name__ == "__main__":
    main()
