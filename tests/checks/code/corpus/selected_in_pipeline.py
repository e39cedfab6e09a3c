from sklearn.datasets import load_breast_cancer
from sklearn.ensemble import RandomForestClassifier
from sklearn.feature_selection import SelectKBest, f_classif
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline


def main():
    X, y = load_breast_cancer(return_X_y=True)
    model = make_pipeline(SelectKBest(f_classif, k=10), RandomForestClassifier(n_estimators=200))
    print(cross_val_score(model, X, y, cv=5, scoring="roc_auc").mean())


if __name__ == "__main__":
    main()
