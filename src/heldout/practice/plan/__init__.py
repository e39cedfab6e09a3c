"""The plan of a fortnight, and how it is written: one page, a calendar, rows for a terminal."""

from heldout.practice.plan.fortnight import Block, Day, Plan, plan, plan_of
from heldout.practice.plan.frame import Level
from heldout.practice.plan.record import Sat
from heldout.practice.plan.terms import Terms, plain_terms, terms_of
from heldout.practice.plan.work import Item, Work, is_planted

__all__ = [
    "Block",
    "Day",
    "Item",
    "Level",
    "Plan",
    "Sat",
    "Terms",
    "Work",
    "is_planted",
    "plain_terms",
    "plan",
    "plan_of",
    "terms_of",
]
