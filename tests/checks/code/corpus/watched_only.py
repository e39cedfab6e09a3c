import tensorflow as tf
from sklearn.model_selection import train_test_split
import numpy as np

X = np.load("x.npy")
y = np.load("y.npy")
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.1)
model = tf.keras.Sequential([tf.keras.layers.Dense(64, activation="relu"), tf.keras.layers.Dense(1)])
model.compile(optimizer="adam", loss="mse")
history = model.fit(X_train, y_train, epochs=20, validation_data=(X_test, y_test))
print(model.evaluate(X_test, y_test))
