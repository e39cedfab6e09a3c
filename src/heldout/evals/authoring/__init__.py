"""Writes an eval: its brief, its holdout and what keeps it honest, its starter kit, its opening commitment."""
