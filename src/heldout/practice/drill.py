"""What a drill is, and what a kind of drill must bring to enter the deck."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum

from heldout.practice.exhibit import Exhibit
from heldout.practice.mark import Mark, mark
from heldout.practice.point import Point
from heldout.practice.question import Answers, Key, Question

__all__ = ["Difficulty", "Drill", "Family", "Feedback", "Kind", "Mutant", "Shown"]


class Family(StrEnum):
    """What a drill trains; each is a folder of the deck."""

    METRIC = "metric"
    SPLITS = "splits"
    LEAKAGE = "leakage"
    COMPARISON = "comparison"
    EXPERIMENTS = "experiments"
    HUMAN = "human_evaluation"
    MONITORING = "monitoring"
    REPRODUCIBILITY = "reproducibility"
    COMPLEXITY = "complexity"
    SERVING = "serving"


class Difficulty(IntEnum):
    """How hard it is: how far the fault stands out, and how much stands around it."""

    EASY = 1
    MIDDLE = 2
    HARD = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """What is said after the answers: the evidence with its numbers, and the price of the fault in the product's terms.

    `page` is the code of the check whose page says more ("" where no check looks for this).
    """

    evidence: str
    price: str
    page: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A drill as its learner sees it: nothing in it tells whether the fault was planted but the evidence itself."""

    situation: str
    exhibits: tuple[Exhibit, ...]
    questions: tuple[Question, ...]

    def exhibit(self, name: str) -> Exhibit:
        """Return an exhibit by name; raises KeyError."""
        return {one.name: one for one in self.exhibits}[name]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drill:
    """A planted world, a product situation, questions and the key that was computed from the world.

    `points` are what an explanation has to say. `world` is evidence for the check of the kind, by the names under which
    checks ask for it; empty where no check looks for the fault.
    """

    shown: Shown
    keys: dict[str, Key]
    points: tuple[Point, ...]
    feedback: Feedback
    world: Mapping[str, object] = field(default_factory=dict)

    def mark(self, answers: Answers) -> Mark:
        """Return the points of the answers, of 100."""
        return mark(self.shown.questions, self.keys, answers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """A plausible mistake: what it believes in one sentence, the answers it gives, and the questions it must lose on.

    It loses them where the fault is planted; `on_clean` names those that it must lose on the clean twin (a mistake that
    sees the fault everywhere). What it loses, it loses wholly or partly on every seed.
    """

    mistake: str
    answers: Callable[[Shown], Answers]
    loses: tuple[str, ...] = ()
    on_clean: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of drill. A module of the deck, `practice/deck/<family>/<name>.py`, holds one as KIND.

    `build(seed, difficulty, planted)` makes the drill: the same arguments give the same drill to the byte, and
    without the plant it is the clean twin: the same situation, tempting, and nothing wrong. `solve` is the reference
    solution, which computes the answers from what is shown alone, and earns all points on every seed, planted or not,
    which proves the key. `check` is the code of the check that must find the planted world, and not its twin ("" for
    none).
    """

    family: Family
    name: str
    title: str
    fault: str
    build: Callable[[int, Difficulty, bool], Drill]
    solve: Callable[[Shown], Answers]
    mutants: tuple[Mutant, ...]
    check: str = ""
