"""A requirement that names no exact version: the same file installs something else in June."""

import hashlib
import re

from heldout.practice.deck.asked import drill, number, order, pick, verdict
from heldout.practice.deck.choices import option, ranked
from heldout.practice.deck.companies import story
from heldout.practice.deck.draws import shared
from heldout.practice.deck.mistakes import believing
from heldout.practice.deck.points import point
from heldout.practice.deck.programs import programmed
from heldout.practice.deck.reading import lines, places, table, texts
from heldout.practice.drill import Difficulty, Drill, Family, Feedback, Kind, Mutant, Shown
from heldout.practice.exhibit import Lines, Rows
from heldout.practice.question import Answers

__all__ = ["KIND"]

LOCK, INSTALLED = "requirements.lock", "pip freeze"
PACKAGES = (
    "numpy",
    "pandas",
    "pyarrow",
    "scipy",
    "scikit-learn",
    "lightgbm",
    "joblib",
    "threadpoolctl",
    "python-dateutil",
    "pytz",
    "six",
    "packaging",
)
LOOSE = {Difficulty.EASY: "{name}", Difficulty.MIDDLE: "{name}>={version}", Difficulty.HARD: "{name}=={series}.*"}
EXACT = re.compile(r"^[a-z-]+==\d+(?:\.\d+)*(?= --hash=| *$)")
FLOATS = "A requirement without an exact version installed something else in June"
SAME = "Each requirement names one version and a hash: both environments are the same"
DATA = "The table changed between May and June, for the environments are the same both times"
PYTHON = "Another Python was installed"
FIXES = (
    "Run the report again in the environment of March, from its freeze",
    "Compile a lock with exact versions and hashes from what is asked for",
    "Let the build refuse a lock with a requirement that names no version or hash",
)


def _build(seed: int, difficulty: Difficulty, planted: bool) -> Drill:
    rng = shared("requirement-without-version", seed, difficulty)
    told = story(rng)
    names = [PACKAGES[place] for place in sorted(rng.permutation(len(PACKAGES))[: 5 + 2 * difficulty])]
    count = (3 if difficulty is Difficulty.EASY else 2) if planted else 0
    loose = {names[place] for place in rng.permutation(len(names))[:count]}
    rows, shown_lines, full_lines = [], [], []
    for name in names:
        major, minor, patch = (int(nth) for nth in rng.integers(1, 4, 3))
        digest = hashlib.sha256(rng.bytes(8)).hexdigest()
        march = f"{major}.{minor}.{patch}"
        later = f"{major}.{minor}.{patch + 1 + int(rng.integers(3))}" if difficulty > 2 else f"{major}.{minor + 1}.0"
        pinned = f"{name}=={march} --hash=sha256:{{}}"
        kept = (
            LOOSE[difficulty].format(name=name, version=march, series=f"{major}.{minor}") if name in loose else pinned
        )
        shown_lines.append(kept.format(digest[:12]))
        full_lines.append(kept.format(digest))
        rows.append((name, march, later if name in loose else march))
    bad = [place for place, name in enumerate(names, start=1) if name in loose]
    evidence = (
        f"{len(bad)} of {len(names)} requirements name no exact version"
        + (f" ({', '.join(sorted(loose))})" if loose else "")
        + f", and {len(bad)} packages differ between March and June."
    )
    return drill(
        f"In March {told.company} reported a score of its {told.model}; in June the same commit, on the same table "
        f"with the same seed, is to be run again. {LOCK} is installed afresh each time. Hashes are shortened here.",
        (
            Lines(name=LOCK, text="\n".join(shown_lines)),
            Rows(name=INSTALLED, columns=("package", "March", "June"), rows=tuple(rows)),
        ),
        (
            pick(
                "loose", "Pick each requirement that does not name one exact version, if any.", 35, LOCK, bad, evidence
            ),
            number(
                "differ",
                "How many packages have another version in June than in March?",
                15,
                "packages",
                len(bad),
                evidence,
            ),
            verdict(
                rng,
                "What do you say of the environment?",
                30,
                FLOATS if planted else SAME,
                (FLOATS, SAME, DATA, PYTHON),
                evidence,
            ),
            order(
                rng,
                "fixes",
                "If an environment has moved: what first helps the report, then mends the cause, then keeps it away?",
                20,
                FIXES,
                "The report first, the lock second, the build that guards it third.",
            ),
        ),
        (
            point(
                rng,
                "A requirement is not pinned to a version." if planted else "Each requirement is pinned to a version.",
                (
                    ("requirement*", "package*", "lock*", "line*"),
                    ("exact*", "pinned", "pins", "pin", "version*"),
                ),
                "How many requirements name no exact version?",
                str(len(bad)),
                [str(nth) for nth in range(4) if nth != len(bad)][:2],
                denied=planted,
            ),
            point(
                rng,
                f"{len(bad)} packages differ between March and June.",
                (("package*", "version*", "environment*"), ("differ*", "other", "another", "newer", "changed", "same")),
                "How many packages differ?",
                str(len(bad)),
                (str(len(bad) + 2), str(len(bad) + 4)),
                number=(len(bad), 0.005),
            ),
        ),
        Feedback(
            evidence=evidence,
            price=(
                f"A number that {told.company} decided by in March can't be had again in June, nor the fault in "
                "it found."
            )
            if planted
            else "Nothing: whoever installs the lock gets the packages of March.",
            page="REP002",
        ),
        {"repository": programmed(seed, files={"requirements.lock": "\n".join(full_lines) + "\n"})},
    )


def _loose(shown: Shown) -> tuple[int, ...]:
    return places([not EXACT.match(line) for line in lines(shown, LOCK)])


def _differ(shown: Shown) -> int:
    pairs = zip(texts(table(shown, INSTALLED), "March"), texts(table(shown, INSTALLED), "June"), strict=True)
    return sum(march != june for march, june in pairs)


def _solve(shown: Shown) -> Answers:
    loose = _loose(shown)
    return {
        "loose": loose,
        "differ": _differ(shown),
        "verdict": option(shown, "verdict", FLOATS if loose and _differ(shown) else SAME),
        "fixes": ranked(shown, "fixes", FIXES),
    }


def _two_digits(shown: Shown) -> tuple[int, ...]:
    """Return the lines whose package is indirect, as if only the large ones had to be pinned."""
    large = ("numpy", "pandas", "scipy", "scikit", "lightgbm", "pyarrow")
    return tuple({*places([not line.startswith(large) for line in lines(shown, LOCK)]), 1} - set(_loose(shown)))


KIND = Kind(
    family=Family.REPRODUCIBILITY,
    name="requirement-without-version",
    title="March and June",
    fault="Requirements name no exact version, so that the same file installs something else later.",
    build=_build,
    solve=_solve,
    mutants=(
        Mutant(
            mistake="a file called lock locks",
            answers=believing(_solve, SAME, loose=lambda _: (), differ=lambda _: 0),
            loses=("loose", "differ", "verdict"),
        ),
        Mutant(
            mistake="two environments months apart differ; what guards the next lock comes first",
            answers=believing(
                _solve, FLOATS, loose=_two_digits, fixes=lambda shown: ranked(shown, "fixes", FIXES[::-1])
            ),
            loses=("loose", "fixes"),
            on_clean=("verdict", "loose", "fixes"),
        ),
    ),
    check="REP002",
)
