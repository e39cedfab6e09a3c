import numpy as np
from sklearn.linear_model import SGDClassifier
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import MinMaxScaler

pixels = np.load("pixels.npy")
digit = np.load("digit.npy")
scaler = MinMaxScaler().fit([[0], [255]])
pixels = scaler.transform(pixels.reshape(-1, 1)).reshape(pixels.shape)
pixels = (pixels - 0.1307) / 0.3081
X_train, X_test, y_train, y_test = train_test_split(pixels, digit)
print(SGDClassifier().fit(X_train, y_train).score(X_test, y_test))
