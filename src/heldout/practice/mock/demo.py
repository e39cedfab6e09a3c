"""A mini-mock of four minutes that interrupts, with scripted answers on a clock of its own: what a learner sees."""

import itertools
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from rich.console import Console

from heldout.practice.deck import kind_named
from heldout.practice.drill import Difficulty
from heldout.practice.mock.aim import Dimension, Level
from heldout.practice.mock.of_drill import subject_of_drill
from heldout.practice.mock.rubric import RUBRIC
from heldout.practice.mock.score import MockScore, score_of
from heldout.practice.mock.script import Script, script_of
from heldout.practice.mock.sitting import Sitting
from heldout.practice.mock.subject import subject_hash
from heldout.practice.mock.transcript import Event, Header, Transcript
from heldout.practice.mock.view import score_view
from heldout.practice.point import Probe
from heldout.practice.question import Form
from heldout.practice.session.desk import PipeDesk
from heldout.practice.session.typed import LETTERS

__all__ = ["mini_mock"]

KIND, SEED, MINUTES = "metric/accuracy-on-a-rare-class", 7, 4.0
START = "2026-01-05T09:00:00+00:00"
SAID = {
    "brief": "We decide whether this model goes live next week. I would judge it by recall and precision.",
    "clarify": "What does a missed case cost, and what does a false alarm cost?",
    "plan": "First I compare it with a baseline that always answers no, which takes a minute. Then I check the split. "
    "I would not tune the model.",
    "work: what is seen": "The model does not beat the majority class. The majority class alone reaches {constant}.",
    "work: what to do": "First I would report recall and precision beside the base rate. Then I measure it again on "
    "the same rows. I would leave the architecture alone.",
    "interrupt: wrong-claim": "I do not agree. The model does not beat the constant, and the table shows it.",
    "interrupt: time-check": "The comparison is done and the close is missing. The most important thing is the "
    "recommendation, and I drop the slices.",
    "wrap": "I recommend that we do not ship it. The largest risk is that few cases were seen. Next I would ask what "
    "a miss costs.",
    "questions": "Who reads the score today?",
}
SELF_SCORES = {Dimension.FRAMING: 60, Dimension.JUDGEMENT: 80, Dimension.TECHNICAL: 70, Dimension.TESTING: 40}


class _Clock:
    """Stands still until somebody lets time pass."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def mini_mock(console: Console) -> MockScore:
    """Play the mini-mock on a console and return its score; it takes no time but its own, and writes nothing."""
    kind = kind_named(KIND)
    drill = kind.build(SEED, Difficulty.EASY, True)
    subject = subject_of_drill(kind, drill, planted=True, origin=f"drill {KIND}, seed {SEED}")
    script = script_of(subject, seed=SEED, level=Level.SENIOR, minutes=MINUTES)
    header = Header(
        schema=1,
        rubric=RUBRIC,
        seed=SEED,
        level=Level.SENIOR,
        minutes=MINUTES,
        subject=subject_hash(subject),
        title=subject.title,
        at=START,
    )
    solution = kind.solve(drill.shown)
    typed = {"constant": f"{solution['constant']:.1%}"}
    for one in drill.shown.questions:
        answer = solution[one.name]
        if one.form is Form.CHOICE and isinstance(answer, int):
            typed[f"work: {one.name}"] = LETTERS[answer]
        else:
            typed[f"work: {one.name}"] = f"{answer}"
    clock = _Clock()
    with tempfile.TemporaryDirectory(prefix="heldout-mock-") as folder:
        transcript = Transcript.begin(Path(folder) / "transcript.jsonl", header)
        lines = _lines(lambda: transcript.events, typed, clock, lambda line: _probe(script, line))
        Sitting(script=script, transcript=transcript, desk=PipeDesk(lines, console, clock), clock=clock).play()
        events = transcript.events
        transcript.close()
    score = score_of(header, events, subject)
    console.print(score_view(score))
    return score


def _probe(script: Script, line: Event) -> Probe:
    aim = next(one for one in script.turn(line.turn).aims if one.name == line.aim)
    return script.probe(line.turn, aim)


def _lines(
    events: Callable[[], tuple[Event, ...]], typed: dict[str, str], clock: _Clock, probe: Callable[[Event], Probe]
) -> Iterator[str]:
    """Yield what is typed next, after the seconds that typing it takes."""
    given: set[str] = set()
    scores = itertools.chain((str(one) for one in SELF_SCORES.values()), itertools.repeat(""))
    while True:
        last = events()[-1]
        if not last.waits:
            yield next(scores)
            continue
        line = typed.get(last.turn) or SAID[last.turn].format(**typed)
        if last.what == "probes":
            line = LETTERS[probe(last).right]
        elif last.turn in given:
            line = ""
        given.add(last.turn)
        clock.now += 4.0 + len(line.split()) / 2
        yield line
