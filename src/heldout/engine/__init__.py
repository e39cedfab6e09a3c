"""The engine: finds the checks, gives them their evidence, and judges what they find."""

from heldout.engine.catalog import catalog
from heldout.engine.run import run
from heldout.engine.select import select

__all__ = ["catalog", "run", "select"]
