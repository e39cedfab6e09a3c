"""Composition root: picks the sandbox, the files and the clock; the use cases that both ends call."""
