"""Can a stranger carry it on?"""
