"""Planters: the same world with and without one fault. They know no check; checks know no planter."""
