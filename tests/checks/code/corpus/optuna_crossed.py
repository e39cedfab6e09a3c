import optuna
import pandas as pd
from lightgbm import LGBMClassifier
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import cross_val_score, train_test_split

df = pd.read_feather("clicks.feather")
X_train, X_test, y_train, y_test = train_test_split(df.drop(columns=["click"]), df["click"], test_size=0.2)


def objective(trial):
    model = LGBMClassifier(max_depth=trial.suggest_int("max_depth", 2, 12))
    return cross_val_score(model, X_train, y_train, scoring="roc_auc").mean()


study = optuna.create_study(direction="maximize")
study.optimize(objective, n_trials=100)
final = LGBMClassifier(**study.best_params).fit(X_train, y_train)
print("AUC on test", roc_auc_score(y_test, final.predict_proba(X_test)[:, 1]))
