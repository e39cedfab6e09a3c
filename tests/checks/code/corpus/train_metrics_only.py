import pandas as pd
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA
from sklearn.preprocessing import StandardScaler

df = pd.read_csv("customers.csv")
X = StandardScaler().fit_transform(df)
points = PCA(2).fit_transform(X)
best, best_k = None, 0
for k in range(2, 10):
    km = KMeans(k).fit(points)
    if best is None or km.inertia_ < best:
        best, best_k = km.inertia_, k
print(best_k)
