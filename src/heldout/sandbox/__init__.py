"""Runs foreign code under limits, and our own code in processes of its own."""

from heldout.sandbox.interpreter import interpreter
from heldout.sandbox.job import Isolation, Job, Limits, Outcome
from heldout.sandbox.own import call, serve
from heldout.sandbox.own_code import run_own
from heldout.sandbox.own_paths import OWN_CODE
from heldout.sandbox.probe import probe, run

__all__ = [
    "OWN_CODE",
    "Isolation",
    "Job",
    "Limits",
    "Outcome",
    "call",
    "interpreter",
    "probe",
    "run",
    "run_own",
    "serve",
]
