"""The bundle of a graded submission: everything that its card rests on, in a folder that anybody can check again."""

from heldout.evals.bundle.layout import Bundle, open_bundle
from heldout.evals.bundle.verify import Line, verify
from heldout.evals.bundle.write import Parts, write_bundle

__all__ = ["Bundle", "Line", "Parts", "open_bundle", "verify", "write_bundle"]
