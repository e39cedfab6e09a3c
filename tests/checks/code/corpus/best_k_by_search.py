import pandas as pd
from sklearn.model_selection import GridSearchCV, train_test_split
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

iris = pd.read_csv("iris.csv")
X_train, X_test, y_train, y_test = train_test_split(iris.iloc[:, :4], iris.species, test_size=0.3)
pipe = make_pipeline(StandardScaler(), KNeighborsClassifier())
search = GridSearchCV(pipe, {"kneighborsclassifier__n_neighbors": list(range(1, 30))}, cv=5)
search.fit(X_train, y_train)
print(search.best_params_, search.best_score_)
print(search.score(X_test, y_test))
