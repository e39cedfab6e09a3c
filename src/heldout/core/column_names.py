"""The words that a column's name is made of."""

import re

__all__ = ["words_of"]

WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


def words_of(name: str) -> tuple[str, ...]:
    """Return the words of a name in lower case, in snake_case, camelCase, with blanks or with signs.

    >>> words_of("Churn Reason"), words_of("dateOfTermination"), words_of("last_pymnt_amnt"), words_of("MIS_Status")
    (('churn', 'reason'), ('date', 'of', 'termination'), ('last', 'pymnt', 'amnt'), ('mis', 'status'))
    """
    return tuple(word.lower() for word in WORD.findall(name))
