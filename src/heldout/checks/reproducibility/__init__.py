"""Does running it again give the same?"""
