"""The questions of a walkthrough, one file each."""
