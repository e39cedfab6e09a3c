"""Can the work be followed, and was what was said answered?"""
