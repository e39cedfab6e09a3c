"""One module per area of `heldout.stats`: what a case's method says, the input it needs, and who answers it."""

from collections.abc import Callable
from typing import Any

import numpy as np

__all__ = ["Adapter", "Answers", "Case", "Columns"]

Case = Any
"""A case's input: a mapping, or a list of mappings."""

Answers = dict[str, Any]
Columns = Callable[[str], np.ndarray]
"""A column of the case's data file, as numbers."""

Adapter = tuple[str, tuple[str, ...], Callable[[Case, Columns], Answers]]
"""A pattern of the method, the keys of the input that it needs, and the function that answers."""
