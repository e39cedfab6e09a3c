"""Would somebody notice when it goes wrong?"""
