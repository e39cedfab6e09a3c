import numpy as np
from sklearn import preprocessing
from sklearn.decomposition import PCA
from sklearn.model_selection import cross_val_score
from sklearn.svm import SVC

data = np.loadtxt("sonar.txt", delimiter=",")
features, target = data[:, :-1], data[:, -1]
features = PCA(n_components=12).fit_transform(features)
scores = cross_val_score(SVC(), features, target, cv=10)
print(f"{scores.mean():.3f} +- {scores.std():.3f}")
