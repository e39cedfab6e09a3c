import pandas as pd
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.metrics import classification_report
from sklearn.model_selection import train_test_split
from sklearn.naive_bayes import MultinomialNB


def clean(text):
    return text.lower().replace("#", " ")


tweets = pd.read_csv("tweets.csv")
tweets["text"] = tweets["text"].apply(clean)
corpus = [t for t in tweets["text"]]
cv = CountVectorizer(max_features=1500)
X = cv.fit_transform(corpus).toarray()
y = tweets.iloc[:, 1].values
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.20, random_state=0)
classifier = MultinomialNB()
classifier.fit(X_train, y_train)
y_pred = classifier.predict(X_test)
print(classification_report(y_test, y_pred))
