"""Sessions at a terminal: what is shown, what is typed, and the rounds that are made of both."""
