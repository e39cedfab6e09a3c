import pytest

from heldout.stats.histogram import groups, leveling


@pytest.fixture
def few_rows_are_many(monkeypatch):
    """Put small samples into bins too, which are otherwise sorted."""
    monkeypatch.setattr(leveling, "FEWEST_ROWS", 0)
    monkeypatch.setattr(groups, "FEWEST_ROWS", 0)
