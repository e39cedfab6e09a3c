"""The ladder: reference submissions of known quality, made for any tabular brief, by which a brief is tried."""
