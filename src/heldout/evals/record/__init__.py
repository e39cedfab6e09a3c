"""The record of an eval: what happened, when, and by whom, in an append-only chain."""
