"""The bundled demo: a year of real flights as an eval, and three submissions to it."""

from heldout.demo.flights import write_eval
from heldout.demo.trees import write_submissions

__all__ = ["write_eval", "write_submissions"]
