import pandas as pd
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import accuracy_score
from sklearn.model_selection import train_test_split
from sklearn.naive_bayes import MultinomialNB


def load():
    return pd.read_csv("spam.csv", encoding="latin-1")


def vectorise(texts):
    vectoriser = TfidfVectorizer(stop_words="english")
    return vectoriser.fit_transform(texts)


def evaluate(X, y):
    X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
    model = MultinomialNB().fit(X_train, y_train)
    return accuracy_score(y_test, model.predict(X_test))


def main():
    mails = load()
    print(evaluate(vectorise(mails["text"]), mails["label"]))


main()
