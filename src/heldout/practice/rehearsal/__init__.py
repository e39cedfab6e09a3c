"""What a rehearsal needs beside the real parts of an eval: a large table, a monitoring exercise, its state, a ranking."""
