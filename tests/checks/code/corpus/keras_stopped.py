from tensorflow import keras
from sklearn.model_selection import train_test_split
import pandas as pd

table = pd.read_csv("digits.csv")
images = table.drop("label", axis=1).values / 255.0
labels = table["label"].values
x_train, x_test, y_train, y_test = train_test_split(images, labels, random_state=7)
net = keras.models.Sequential()
net.add(keras.layers.Dense(128, activation="relu"))
net.add(keras.layers.Dense(10, activation="softmax"))
net.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
stop = keras.callbacks.EarlyStopping(patience=3, restore_best_weights=True)
net.fit(x_train, y_train, epochs=100, validation_data=(x_test, y_test), callbacks=[stop])
loss, accuracy = net.evaluate(x_test, y_test)
print("test accuracy", accuracy)
