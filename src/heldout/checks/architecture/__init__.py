"""Is the code built to last?"""
