import lightgbm as lgb
import numpy as np
import pandas as pd
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold, train_test_split

df = pd.read_csv("santander.csv")
dev, final = train_test_split(df, test_size=0.2, random_state=4)
features = [c for c in df.columns if c not in ("ID", "target")]
final_prediction = np.zeros(len(final))
for tr, va in StratifiedKFold(5, shuffle=True, random_state=1).split(dev, dev["target"]):
    model = lgb.LGBMClassifier(n_estimators=2000)
    model.fit(
        dev.iloc[tr][features],
        dev.iloc[tr]["target"],
        eval_set=[(dev.iloc[va][features], dev.iloc[va]["target"])],
        callbacks=[lgb.early_stopping(50)],
    )
    final_prediction += model.predict_proba(final[features])[:, 1] / 5
print(roc_auc_score(final["target"], final_prediction))
