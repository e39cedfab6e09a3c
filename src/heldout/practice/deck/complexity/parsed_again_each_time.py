"""A file that is parsed anew in each turn of a loop."""

from heldout.practice.deck.asked import drill, number, order, pick, verdict
from heldout.practice.deck.choices import option, ranked
from heldout.practice.deck.companies import story
from heldout.practice.deck.draws import shared
from heldout.practice.deck.mistakes import believing
from heldout.practice.deck.points import point
from heldout.practice.deck.reading import lines, numbers, table
from heldout.practice.drill import Difficulty, Drill, Family, Feedback, Kind, Mutant, Shown
from heldout.practice.exhibit import Lines, Rows
from heldout.practice.question import Answers

__all__ = ["KIND"]

CODE, PROFILE = "score.py", "profile by line"
PARSES = {
    Difficulty.EASY: 'json.loads(Path("settings.json").read_text())',
    Difficulty.MIDDLE: "load_settings()",
    Difficulty.HARD: "row.schema.settings",
}
"""What parses; the hard one hides behind a property, and only the profile tells."""
SHARE = {Difficulty.EASY: 0.85, Difficulty.MIDDLE: 0.7, Difficulty.HARD: 0.55}
"""Share of the planted time that goes into parsing."""
AGAIN = "Most of the time goes into parsing the same settings once for each row"
MODEL = "Most of the time goes into the model, which has to run once for each row"
WRITE = "Most of the time goes into writing the results"
READ = "Most of the time goes into reading the table, which is as long as the rows are"
FIXES = (
    "Parse the settings once, before the loop",
    "Measure again, line by line",
    "Look at whichever line is the largest now",
)


def _build(seed: int, difficulty: Difficulty, planted: bool) -> Drill:
    rng = shared("parsed-again-each-time", seed, difficulty)
    told = story(rng)
    rows = int(rng.integers(20, 80)) * 100
    parse = f"settings = {PARSES[difficulty]}"
    body = ["features = encode(row, settings)", "answers.append(model.predict(features))"]
    code = [
        "def scored(path, model):",
        "    table = read(path)",
        "    answers = []",
        *([] if planted else [f"    {parse.replace('row.', 'table.')}"]),
        "    for row in table:",
        *([f"        {parse}"] if planted else []),
        *(f"        {line}" for line in body),
        "    write(answers)",
        "    return answers",
    ]
    total = float(rng.uniform(60, 240))
    share = SHARE[difficulty] * rng.uniform(0.95, 1.05)
    once = total * share / rows
    others = rng.dirichlet([4, 6, 30, 5]) * total * (1 - share if planted else 1)
    named = dict(zip(("table = read", "encode", "model.predict", "write("), others.tolist(), strict=True))
    if planted and difficulty > 1:
        named["model.predict"] = max(named["model.predict"], total * 0.12)
    profile = []
    for place, line in enumerate(code, start=1):
        hits = rows if line.startswith("        ") else rows + 1 if "for row" in line else 1
        spent = next((time for name, time in named.items() if name in line), 0.001 if "settings" not in line else 0.0)
        spent = (total * share if planted else once) if line.strip().startswith("settings") else spent
        profile.append((place, hits, round(spent, 3)))
    profile = profile[1:-1]
    whole = sum(spent for *_, spent in profile)
    largest = max(profile, key=lambda row: row[2])
    setting = next(row for row in profile if code[row[0] - 1].strip().startswith("settings"))
    saved = setting[2] * (1 - 1 / setting[1]) if setting[1] > 1 else 0.0
    after = whole - saved
    evidence = (
        f"Line {largest[0]} takes {largest[2]:.1f} of {whole:.1f} s ({largest[2] / whole:.0%}) in {largest[1]:,} "
        f"calls. The settings are parsed {setting[1]:,} times; parsed once, the whole takes {after:.1f} s."
    )
    return drill(
        f"{told.company} scores a night's {rows:,} rows with the {told.model}. A profile, line by line, tells how "
        "often each line ran and how long it took in all. The settings do not change during the run.",
        (
            Lines(name=CODE, text="\n".join(code), language="python"),
            Rows(name=PROFILE, columns=("line", "calls", "seconds"), rows=tuple(profile)),
        ),
        (
            pick("largest", "Pick the line of the code that takes the most time.", 25, CODE, [largest[0]], evidence),
            number(
                "share",
                "How many per cent of the time does it take?",
                15,
                "percent",
                100 * largest[2] / whole,
                evidence,
                absolute=1,
            ),
            number(
                "after",
                "How many seconds does the whole take if the settings are parsed once only?",
                25,
                "seconds",
                after,
                evidence,
                relative=0.03,
            ),
            verdict(rng, "What dominates?", 20, AGAIN if planted else MODEL, (AGAIN, MODEL, WRITE, READ), evidence),
            order(
                rng,
                "fixes",
                "Suppose that settings are parsed in a loop. In which order do you go on?",
                15,
                FIXES,
                "Change one thing, measure it, and let the measurement choose the next.",
            ),
        ),
        (
            point(
                rng,
                (
                    "The settings are parsed "
                    f"{'once for each row' if planted else 'once'}{'' if planted else ', not for each row'}."
                ),
                (
                    ("pars*", "settings", "load*"),
                    ("each row", "every row", "per row", "in the loop", "again", "repeated*"),
                ),
                "How often are the settings parsed?",
                f"{setting[1]:,} times",
                (f"{setting[1] + 17:,} times", "never"),
                denied=not planted,
            ),
            point(
                rng,
                f"Parsed once, the whole takes {after:.0f} s.",
                (("once", "before the loop", "hoist*", "outside", "whole", "total"),),
                "How long does the whole take when they are parsed once?",
                f"{after:.0f} s",
                (f"{after * 0.4:.0f} s", f"{after * 1.9 + 1:.0f} s"),
                number=(after, 0.04 * after),
            ),
        ),
        Feedback(
            evidence=evidence,
            price=f"{saved:.0f} of {whole:.0f} seconds of each run are paid for nothing, night after night."
            if planted
            else f"Moving the parse would save nothing; {largest[2]:.0f} s are the model's own.",
        ),
    )


def _profile(shown: Shown) -> list[tuple[int, int, float]]:
    columns = (numbers(table(shown, PROFILE), name) for name in ("line", "calls", "seconds"))
    return [(int(line), int(calls), seconds) for line, calls, seconds in zip(*columns, strict=True)]


def _solve(shown: Shown) -> Answers:
    code, profile = lines(shown, CODE), _profile(shown)
    whole = sum(seconds for *_, seconds in profile)
    line, _, most = max(profile, key=lambda row: row[2])
    _, calls, seconds = next(row for row in profile if code[row[0] - 1].strip().startswith("settings"))
    words = {"settings": AGAIN, "predict": MODEL, "write": WRITE, "read(": READ}
    stripped = code[line - 1].strip()
    return {
        "largest": (line,),
        "share": 100 * most / whole,
        "after": whole - seconds + seconds / calls,
        "verdict": option(shown, "verdict", next(says for word, says in words.items() if word in stripped)),
        "fixes": ranked(shown, "fixes", FIXES),
    }


def _halved(shown: Shown) -> float:
    return 0.5 * sum(seconds for *_, seconds in _profile(shown))


def _loop_line(shown: Shown) -> tuple[int, ...]:
    return tuple(place for place, line in enumerate(lines(shown, CODE), start=1) if "for row" in line)


def _parse_line(shown: Shown) -> tuple[int, ...]:
    return tuple(place for place, line in enumerate(lines(shown, CODE), start=1) if line.strip().startswith("settings"))


KIND = Kind(
    family=Family.COMPLEXITY,
    name="parsed-again-each-time",
    title="What takes so long?",
    fault="The same settings are parsed once for each row of a loop, and that dominates.",
    build=_build,
    solve=_solve,
    mutants=(
        Mutant(
            mistake="a model is what costs, and the loop is its line",
            answers=believing(_solve, MODEL, largest=_loop_line, share=lambda _: 12.5),
            loses=("verdict", "largest", "share"),
            on_clean=("largest", "share"),
        ),
        Mutant(
            mistake="parsing is always what costs; without it half is left",
            answers=believing(
                _solve,
                AGAIN,
                largest=_parse_line,
                after=_halved,
                fixes=lambda shown: ranked(shown, "fixes", FIXES[::-1]),
            ),
            loses=("after", "fixes"),
            on_clean=("verdict", "largest", "after", "fixes"),
        ),
    ),
)
