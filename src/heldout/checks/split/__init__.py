"""Is the test set apart from the train set?"""
