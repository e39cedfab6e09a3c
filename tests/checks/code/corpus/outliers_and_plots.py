import matplotlib.pyplot as plt
import pandas as pd
from sklearn.linear_model import HuberRegressor
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

df = pd.read_csv("flats.csv")
z = (df["area"] - df["area"].mean()) / df["area"].std()
plt.hist(z)
plt.title(f"mean {df['area'].mean():.1f}")
shown = StandardScaler().fit_transform(df[["area", "rooms"]])
plt.scatter(shown[:, 0], shown[:, 1])
plt.show()
df = df[df["area"] < 1000]
train, test = train_test_split(df, random_state=0)
model = HuberRegressor().fit(train[["area", "rooms"]], train["rent"])
print(model.score(test[["area", "rooms"]], test["rent"]))
