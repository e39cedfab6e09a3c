"""A setting that no file holds: the program reads a variable which two machines set differently."""

import re

from heldout.practice.deck.asked import choice, drill, number, pick, verdict
from heldout.practice.deck.choices import option
from heldout.practice.deck.companies import story
from heldout.practice.deck.draws import shared
from heldout.practice.deck.mistakes import believing
from heldout.practice.deck.points import point
from heldout.practice.deck.reading import lines, text
from heldout.practice.drill import Difficulty, Drill, Family, Feedback, Kind, Mutant, Shown
from heldout.practice.exhibit import Lines
from heldout.practice.question import Answers

__all__ = ["KIND"]

CODE, HERE, THERE = "features.py", "env on the laptop", "env in the build"
READ = re.compile(r'os\.environ(?:\.get)?[\[(]"(\w+)"(?:, "([^"]*)")?')
NOISE = ("EDITOR", "HOME", "HOSTNAME", "LANG", "PAGER", "SHELL", "TERM", "TZ_NAME", "USER")
HERES = ("vim", "/home/ada", "ada-laptop", "en_GB.UTF-8", "less", "/bin/zsh", "xterm", "London", "ada")
THERES = ("nano", "/root", "runner-17", "C.UTF-8", "cat", "/bin/sh", "dumb", "London", "root")
SETTINGS = (("WINDOW_DAYS", 28, (7, 14, 56)), ("MIN_ROWS", 50, (10, 100, 200)), ("CLIP_AT", 99, (90, 95, 100)))
DIFFERS = "The program reads a variable that the two places set differently"
SAME = "What the program reads is the same in both places: other variables differ, and nothing reads them"
LOCALE = "Numbers are written differently in the two languages, and the program reads a comma for a full stop"
SHELL = "The shells parse the command differently"
ASK = "Which variables does the program read, and with what values?"
FIRST = {
    ASK: 1.0,
    "How many variables differ in all?": 0.0,
    "Do both places have the same version of the shell?": 0.0,
    "Is the laptop faster than the build?": 0.0,
}


def _build(seed: int, difficulty: Difficulty, planted: bool) -> Drill:
    rng = shared("environment-variable", seed, difficulty)
    told = story(rng)
    prefix = told.prefix.upper()
    (name, usual, others), *rest = [SETTINGS[place] for place in rng.permutation(3)]
    name = f"{prefix}_{name}"
    other = int(rng.choice(others))
    kept = [(f"{prefix}_{one}", value) for one, value, _ in rest][: 1 + (difficulty > 1)]
    here = dict(zip(NOISE, HERES, strict=True))
    there = dict(zip(NOISE, THERES, strict=True))
    here |= {key: str(value) for key, value in kept}
    there |= {key: str(value) for key, value in kept}
    there[name] = str(usual)
    if difficulty is Difficulty.EASY or not planted:
        here[name] = str(other if planted else usual)
    here[f"{name}_OLD"] = str(other)
    default = other if planted else usual
    code = ["import os", ""]
    places = [name, *(key for key, _ in kept)]
    for key in (places[place] for place in rng.permutation(len(places))):
        fallback = default if key == name else dict(kept)[key]
        code.append(f'{key.removeprefix(prefix + "_")} = int(os.environ.get("{key}", "{fallback}"))')
    variable = name.removeprefix(f"{prefix}_")
    code += ["", "", "def features(table):", *(f"    table = {_use(one.removeprefix(prefix + '_'))}" for one in places)]
    code += ["    return table"]
    exhibits = tuple(
        Lines(name=title, text="\n".join(f"{key}={value}" for key, value in sorted(values.items())))
        for title, values in ((HERE, here), (THERE, there))
    )
    changed = sum(here.get(key) != there.get(key) for key in here.keys() | there.keys())
    place = code.index(next(line for line in code if f'"{name}"' in line)) + 1
    laptop = other if planted else usual
    evidence = (
        f"{changed} variables differ; the program reads {len(places)}. {name} is {laptop} on the laptop "
        + ("by the default in the code" if name not in here else "by its environment")
        + f" and {usual} in the build."
    )
    return drill(
        f"Ada at {told.company} wants to know whether her laptop and the build make the same features for the "
        f"{told.model}: same commit, same packages, same table, same seed. This is the code, and what `env` prints "
        "in both places.",
        (Lines(name=CODE, text="\n".join(code), language="python"), *exhibits),
        (
            pick(
                "line",
                "Pick each line of the code that gets another value on the laptop than in the build, if any.",
                35,
                CODE,
                [place] if planted else [],
                evidence,
            ),
            number(
                "laptop",
                f"What value has {variable} on the laptop?",
                20,
                variable.replace("_", " ").lower(),
                laptop,
                evidence,
            ),
            verdict(
                rng, "What do you tell her?", 35, DIFFERS if planted else SAME, (DIFFERS, SAME, LOCALE, SHELL), evidence
            ),
            choice(rng, "first", "What would you look at first?", 10, FIRST, "Only what is read can matter."),
        ),
        (
            point(
                rng,
                f"A variable that the program reads {'differs' if planted else 'does not differ'}.",
                (
                    ("variable*", "environment", "env", name.lower()),
                    ("differ*", "other value", "another value"),
                ),
                "Of the variables that the program reads ...",
                "one differs" if planted else "none differs",
                ("none differs" if planted else "one differs", "all differ"),
                denied=not planted,
            ),
            point(
                rng,
                f"On the laptop {variable} is {laptop}.",
                (("laptop", "default", variable.lower(), "ada", "locally"),),
                f"What is {variable} on the laptop?",
                str(laptop),
                (str(laptop + 1), str(laptop + 1000)),
                number=(laptop, 0.005),
            ),
        ),
        Feedback(
            evidence=evidence,
            price=f"Features of {laptop} are tried and features of {usual} are shipped: what Ada measured is not what "
            f"{told.company} runs."
            if planted
            else "Nothing: both places make the same features.",
        ),
    )


def _use(variable: str) -> str:
    return {
        "WINDOW_DAYS": 'table[table["age_days"] <= WINDOW_DAYS]',
        "MIN_ROWS": 'table.groupby("place").filter(lambda rows: len(rows) >= MIN_ROWS)',
        "CLIP_AT": 'table.clip(upper=table.quantile(CLIP_AT / 100), axis="columns")',
    }[variable]


def _values(shown: Shown) -> dict[str, tuple[int, str, str]]:
    """Return, by what the code calls it, the line and the value that each variable has on the laptop and in the "
    "build.
    """
    here, there = (dict(line.split("=", 1) for line in lines(shown, name) if "=" in line) for name in (HERE, THERE))
    found = {}
    for place, line in enumerate(lines(shown, CODE), start=1):
        if match := READ.search(line):
            key, default = match[1], match[2] or ""
            found[line.split(" = ")[0]] = (place, here.get(key, default), there.get(key, default))
    return found


def _asked(shown: Shown) -> str:
    ask = next(one.ask for one in shown.questions if one.name == "laptop")
    return ask.removeprefix("What value has ").removesuffix(" on the laptop?")


def _solve(shown: Shown) -> Answers:
    values = _values(shown)
    other = tuple(place for place, here, there in values.values() if here != there)
    return {
        "line": other,
        "laptop": float(values[_asked(shown)][1]),
        "verdict": option(shown, "verdict", DIFFERS if other else SAME),
        "first": option(shown, "first", ASK),
    }


def _all_reads(shown: Shown) -> tuple[int, ...]:
    return tuple(place for place, line in enumerate(text(shown, CODE).splitlines(), start=1) if "environ" in line)


KIND = Kind(
    family=Family.REPRODUCIBILITY,
    name="environment-variable",
    title="It works on the laptop",
    fault="The program reads a variable that two machines set differently, and no file says so.",
    build=_build,
    solve=_solve,
    mutants=(
        Mutant(
            mistake="same commit, same features",
            answers=believing(
                _solve, SAME, line=lambda _: (), laptop=lambda shown: float(_values(shown)[_asked(shown)][2])
            ),
            loses=("line", "verdict", "laptop"),
        ),
        Mutant(
            mistake="two environments that differ make a difference, wherever the code reads one",
            answers=believing(_solve, DIFFERS, line=_all_reads),
            loses=("line",),
            on_clean=("line", "verdict"),
        ),
    ),
)
