"""Does the code keep test rows out of what is fitted and chosen?"""
