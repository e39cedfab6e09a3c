import pandas as pd
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import accuracy_score
from sklearn.model_selection import train_test_split
from sklearn.naive_bayes import MultinomialNB


def vectorise(train, test):
    vectoriser = TfidfVectorizer(stop_words="english")
    return vectoriser.fit_transform(train), vectoriser.transform(test)


def main():
    mails = pd.read_csv("spam.csv", encoding="latin-1")
    train, test, y_train, y_test = train_test_split(mails["text"], mails["label"], random_state=0)
    X_train, X_test = vectorise(train, test)
    model = MultinomialNB().fit(X_train, y_train)
    print(accuracy_score(y_test, model.predict(X_test)))


main()
