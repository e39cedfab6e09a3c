"""Tables: any source to typed Arrow columns, to one mergeable profile and the small evidence beside it."""

from heldout.tables.compared import refuse_unlike
from heldout.tables.counts import count, merge
from heldout.tables.label import Label
from heldout.tables.layout import fix_layout
from heldout.tables.names import closest, counted, read_names, shortened
from heldout.tables.order import days_of, time_order_of
from heldout.tables.overlap import copied_rows, copies_of, entities_of, row_ids
from heldout.tables.predictions import scores_for
from heldout.tables.profiling import as_profile, profile_of
from heldout.tables.source import Source, read_table
from heldout.tables.split_advice import SplitAdvice, split_advice
from heldout.tables.table import Table, groups_of, kind_of
from heldout.tables.target import Target, parse_target, read_label

__all__ = [
    "Label",
    "Source",
    "SplitAdvice",
    "Table",
    "Target",
    "as_profile",
    "closest",
    "copied_rows",
    "copies_of",
    "count",
    "counted",
    "days_of",
    "entities_of",
    "fix_layout",
    "groups_of",
    "kind_of",
    "merge",
    "parse_target",
    "profile_of",
    "read_label",
    "read_names",
    "read_table",
    "refuse_unlike",
    "row_ids",
    "scores_for",
    "shortened",
    "split_advice",
    "time_order_of",
]
