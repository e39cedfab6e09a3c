"""Follows the rows of tables through scripts and notebooks, on their syntax trees: nothing is ever run.

An abstract interpreter: a value knows which rows it holds (a source, narrowed by splits) and what was learned from
which rows before it came to be. What it cannot follow it says.
"""

from heldout.core.data_flow.answering import answers
from heldout.core.data_flow.judging import Leak
from heldout.core.data_flow.reading import Reading, read_flows

__all__ = ["Leak", "Reading", "answers", "read_flows"]
