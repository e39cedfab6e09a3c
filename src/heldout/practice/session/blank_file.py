"""The blank-file round: five steps, code from nothing, hidden tests by their names."""

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path

from rich.console import Group
from rich.markdown import Markdown
from rich.panel import Panel
from rich.syntax import Syntax
from rich.text import Text

from heldout.core.errors import BadInput
from heldout.practice.answers import Standing, read, score
from heldout.practice.attempt import Attempt, Place, Round
from heldout.practice.blank import tasks
from heldout.practice.blank.compare import agrees
from heldout.practice.blank.examine import Examined, examine
from heldout.practice.blank.task import Task
from heldout.practice.session.dealt import Dealt
from heldout.practice.session.desk import Desk, Typed
from heldout.practice.session.explanation import paragraph, probe_all
from heldout.practice.session.telling import HINT_COSTS, Asking, confidence_of, total
from heldout.practice.session.view import hung
from heldout.practice.session.words import counted
from heldout.tools.editor import edit, editor_named

__all__ = ["WORTH", "blank_file_round", "task_of"]

WORTH = {"tests": 70, "trace": 15, "trade-offs": 15}
"""Points of the hidden tests, the hand trace and the sentence on trade-offs."""
TRACED = 0.01
"""What a result traced by hand may be off, relative and absolute."""
RUNS = 5
"""Runs of the hidden tests, at most; each after the first costs what a hint costs."""
LARGEST = 200_000
HELP = "? shows the edge cases (10 points less), ! the reference solution (0 points then), Ctrl-D stops here."


def task_of(dealt: Dealt) -> Task:
    """Return the task of a drill's family that its seed chooses. Raises BadInput for a family without any."""
    own = [one for one in tasks() if one.family == dealt.kind.family]
    if not own:
        raise BadInput(
            f"there is no blank-file task for {dealt.kind.family}",
            expected="a family with one",
            mend="--round speed or explanation",
        )
    return own[dealt.seed % len(own)]


def blank_file_round(dealt: Dealt, desk: Desk, *, now: Callable[[], dt.datetime], folder: Path) -> Attempt:
    """Ask for the five steps and for a file, run it against the hidden tests, and return the attempt. Raises Left.

    The file lies in `folder`, where it stays.
    """
    task = task_of(dealt)
    edges = "\n".join(f"- {one}" for one in task.edges)

    def set_out() -> None:
        signature = Syntax(task.signature, "python", word_wrap=True, background_color="default")
        desk.show(Panel(Group(Text(f"{task.statement}\n"), signature), title=Text(task.title), title_align="left"))

    set_out()
    desk.show(Text(HELP, style="dim"))
    confidence = confidence_of(desk)
    asking = Asking(desk=desk, hint=f"Edge cases:\n{edges}", again=set_out)
    times: dict[str, Typed] = {}
    points = dict.fromkeys(WORTH, 0.0)
    for step in (_restate, _baseline):
        step(task, asking)
    points["trace"], times["trace"] = _trace(task, asking)
    _tests(task, asking)
    points["tests"], times["tests"] = _written(task, asking, folder / f"{task.name}-{dealt.seed}.py", dealt.seed)
    points["trade-offs"], times["trade-offs"], typed = _trade_offs(task, asking)
    earned = total(sum(WORTH[name] * share for name, share in points.items()), asking)
    took = sum(one.seconds for one in times.values())
    parts = [f"{name} {worth * points[name]:.0f} of {worth}" for name, worth in WORTH.items()]
    cost = [f"{HINT_COSTS * asking.hints:.0f} less for {_spent(asking)}"] if asking.hints else []
    if not asking.revealed:
        desk.show(Text(f"{', '.join([*parts, *cost])}."))
    desk.show(Text(f"{earned:.0f} of 100 points in {took:.0f} s.", style="bold"))
    if asking.revealed or points["tests"] < 1:
        desk.show(Markdown(f"The reference solution:\n\n```python\n{task.reference.strip()}\n```"))
    return Attempt(
        kind=dealt.name,
        seed=dealt.seed,
        difficulty=int(dealt.difficulty),
        planted=dealt.planted,
        round=Round.BLANK_FILE,
        at=now().isoformat(timespec="seconds"),
        seconds=round(took, 1),
        score=earned,
        confidence=confidence,
        hints=asking.hints,
        revealed=asking.revealed,
        places={
            name: Place(
                first_key=round(times[name].first_key, 1),
                answered=round(times[name].seconds, 1),
                points=round(worth * max(points[name], 0.0), 2),
                worth=worth,
            )
            for name, worth in WORTH.items()
        },
        typed=typed,
    )


def _spent(asking: Asking) -> str:
    """Say what took points: the edge cases, runs after the first, or both."""
    runs = asking.hints - asking.hinted
    said = ["the edge cases"] if asking.hinted else []
    return " and ".join([*said, *([counted(runs, "further run")] if runs else [])])


def _step(asking: Asking, number: int, ask: str) -> None:
    if not asking.revealed:
        asking.put(Text(f"Step {number} of 5: {ask}", style="bold"))


def _said(asking: Asking) -> Typed:
    return Typed(text="", first_key=0.0, seconds=0.0) if asking.revealed else paragraph(asking, ">")


def _restate(task: Task, asking: Asking) -> None:
    _step(asking, 1, "restate the inputs, the outputs and the edge cases. An empty line ends it.")
    _said(asking)
    lines = [f"in: {one}" for one in task.inputs] + [f"out: {one}" for one in task.outputs]
    asking.desk.show(Text("Compare:"), *(hung(Text("  -"), Text(one)) for one in [*lines, *task.edges]))


def _baseline(task: Task, asking: Asking) -> None:
    _step(asking, 2, "a baseline that you can finish, in a sentence. An empty line ends it.")
    _said(asking)
    asking.desk.show(Text(f"Compare: {task.baseline}"))


def _trace(task: Task, asking: Asking) -> tuple[float, Typed]:
    call = f"{task.function}({', '.join(json.dumps(one) for one in task.trace.arguments)})"
    _step(asking, 3, f"trace it by hand. What does {call} return? As JSON, such as 12.5, null or [1, 2].")
    typed = None if asking.revealed else asking.line("=")
    right = json.dumps(task.trace.result)
    try:
        is_right = typed is not None and agrees(task.trace.result, json.loads(typed.text), TRACED)
    except (ValueError, RecursionError):
        is_right = False
    asking.desk.show(Text(f"{'Right' if is_right else 'It returns'}: {right}. {task.trace.way}"))
    return float(is_right), typed or Typed(text="", first_key=0.0, seconds=0.0)


def _tests(task: Task, asking: Asking) -> None:
    _step(
        asking,
        4,
        "name the tests that it has to pass: nothing, duplicates, extremes, off by one. An empty line ends it.",
    )
    _said(asking)
    asking.desk.show(Text(f"There are {len(task.tests)} hidden tests; their names come with the first run."))


def _written(task: Task, asking: Asking, path: Path, seed: int) -> tuple[float, Typed]:
    """Run what the learner wrote until it passes, is handed in, or is given up; returns the share of tests passed."""
    _laid_out(path, task)
    opens = ", e opens your editor" if editor_named() else ""
    asking.desk.show(Text(f"Write it in {path}"))
    first_key, seconds, examined = None, 0.0, None
    for run in range(1, RUNS + 1):
        cost = "" if run == 1 else " once more (10 points less), h hands it in as it is"
        typed = None if asking.revealed else _asked(asking, path, f"Enter runs the hidden tests{cost}{opens} >")
        if typed is None:
            break
        first_key = typed.first_key if first_key is None else first_key
        seconds += typed.seconds
        if typed.text.lower() == "h" and examined is not None:
            break
        asking.hints += run > 1
        examined = examine(task, _source(path), seed=seed)
        _tell(asking.desk, examined)
        if not examined.failed and not examined.trouble:
            break
    share = examined.score / 100 if examined is not None else 0.0
    return share, Typed(text="", first_key=first_key or 0.0, seconds=seconds)


def _asked(asking: Asking, path: Path, prompt: str) -> Typed | None:
    while True:
        typed = asking.line(prompt)
        if typed is None or typed.text.lower() != "e":
            return typed
        try:
            edit(path)
        except BadInput as error:
            asking.desk.show(Text(str(error)))


def _laid_out(path: Path, task: Task) -> None:
    """Put the signature into the file, where there is none yet."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        path.write_text(f'"""{task.title}."""\n\n\n{task.signature}\n    ...\n', encoding="utf-8")


def _source(path: Path) -> str:
    if not path.is_file():  # a pipe would be waited for
        return ""
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            return file.read(LARGEST)
    except OSError:
        return ""


def _tell(desk: Desk, examined: Examined) -> None:
    if examined.trouble:
        desk.show(Text(f"It was not run to its end: {examined.trouble}"))
    for test in examined.passed:
        desk.show(Text(f"  ✓ {test}"))
    for failure in examined.failed:
        said = f"{failure.test}: {failure.happened} (it looks at {failure.looks_at})"
        desk.show(hung(Text("  ✗"), Text(said)))
    if not examined.isolation.level:
        desk.show(Text("There is no sandbox here: it ran as your own process, with limits.", style="dim"))


def _trade_offs(task: Task, asking: Asking) -> tuple[float, Typed, str]:
    _step(asking, 5, "one sentence on its trade-offs, and what you would watch. An empty line ends it.")
    typed = _said(asking)
    explained = read(typed.text, (task.point,))
    chosen, _ = probe_all(asking, explained, (task.point,))
    share = score(explained, chosen).shares[task.point.name]
    heard = explained.heard[0]
    if heard.standing is Standing.CONTRADICTED:
        asking.desk.show(Text(f"This says the opposite, and costs: “{heard.evidence[0]}”"))
    asking.desk.show(Text(f"{'Said' if share > 0 else 'To be said'}: {task.point.says}"))
    return (0.0 if asking.revealed else share), typed, typed.text
