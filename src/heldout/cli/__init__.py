"""The command line: translates arguments to use cases, and their results to text and exit codes."""

from heldout.cli.main import main

__all__ = ["main"]
