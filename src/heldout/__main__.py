"""`python -m heldout` is the `heldout` command."""

from heldout.cli import main

main()
