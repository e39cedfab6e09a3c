import pandas as pd
from sklearn.metrics import accuracy_score
from sklearn.model_selection import train_test_split
from sklearn.neighbors import KNeighborsClassifier

iris = pd.read_csv("iris.csv")
X_train, X_test, y_train, y_test = train_test_split(iris.iloc[:, :4], iris.species, test_size=0.3)
best, best_k = 0, None
for k in range(1, 30):
    knn = KNeighborsClassifier(n_neighbors=k)
    knn.fit(X_train, y_train)
    acc = accuracy_score(y_test, knn.predict(X_test))
    if acc > best:
        best = acc
        best_k = k
print("best accuracy", best, "with k =", best_k)
