"""The words of the house as types: evidence, checks, findings, verdicts, errors. No I/O."""
