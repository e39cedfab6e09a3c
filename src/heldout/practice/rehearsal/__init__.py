"""What a rehearsal needs beside the real parts of an eval: a large table, an exercise, its state, a ranking."""
