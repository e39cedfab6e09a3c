"""What rounds, families and the work of a day are called where a learner reads of them."""

from heldout.practice.drill import Family
from heldout.practice.plan import Item, Work

__all__ = ["FAMILIES", "counted", "told"]

FAMILIES = {
    Family.METRIC: "choice of a metric",
    Family.SPLITS: "splits",
    Family.LEAKAGE: "leakage in tables",
    Family.COMPARISON: "comparison and lift",
    Family.EXPERIMENTS: "online experiments",
    Family.HUMAN: "human evaluation",
    Family.MONITORING: "monitoring",
    Family.REPRODUCIBILITY: "reproducibility",
    Family.COMPLEXITY: "honest complexity",
    Family.SERVING: "serving and rollback",
}


def counted(number: int, what: str) -> str:
    """Return a number with its noun.

    >>> counted(1, "drill"), counted(2, "drill")
    ('1 drill', '2 drills')
    """
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def told(item: Item) -> str:
    """Return what an item is, without the name of its fault: that is for the learner to find."""
    if item.work is Work.MILESTONE:
        return f"milestone of day {item.number}"
    if item.work is Work.MOCK:
        return f"mock interview {item.number}"
    return f"{item.round} round, {FAMILIES[Family(item.family)]}"
