"""Is the number itself sound?"""
