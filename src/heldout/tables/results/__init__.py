"""Per-item results of systems: read by format, recognised by column, matched by id."""

from heldout.tables.results.columns import Asked, Roles
from heldout.tables.results.directions import known_direction
from heldout.tables.results.loaded import Loaded
from heldout.tables.results.matching import Groups, Matched, Own, Side, matched
from heldout.tables.results.read import read_results
from heldout.tables.results.values import rows_by_value, texts_of

__all__ = [
    "Asked",
    "Groups",
    "Loaded",
    "Matched",
    "Own",
    "Roles",
    "Side",
    "known_direction",
    "matched",
    "read_results",
    "rows_by_value",
    "texts_of",
]
