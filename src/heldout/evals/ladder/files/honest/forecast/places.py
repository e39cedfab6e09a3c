"""Where the grader puts things, and where they are when there is no grader."""

import os
from pathlib import Path

DATA = Path(os.environ.get("HELDOUT_DATA", "/data"))
MODEL = Path(os.environ.get("HELDOUT_MODEL", "/model"))
OUT = Path(os.environ.get("HELDOUT_OUT", "/out"))
SEED = int(os.environ.get("HELDOUT_SEED", "0"))
