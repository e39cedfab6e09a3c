"""Says of each row how likely the outcome is, or how large, from what is known when it is asked."""

import os

# One thread: a sum's last bits depend on how it is split, and the same seed is to give the same bytes on any machine.
for _library in ("OPENBLAS", "OMP", "MKL"):
    os.environ[f"{_library}_NUM_THREADS"] = "1"
