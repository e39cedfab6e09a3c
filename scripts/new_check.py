"""Scaffold a check: `make new-check NAME=leakage/near-copy` writes the check, its planter and its test.

What it writes fails until it is filled in: the check raises NotImplementedError, so every test that touches it is red.
"""

import re
import sys
from pathlib import Path

from heldout.core.errors import BadInput
from heldout.engine import catalog

ROOT = Path(__file__).parents[1]

CHECK = '''"""{sentence}."""

from heldout.core.check import check
from heldout.core.finding import Answer
from heldout.core.profile import Profile

MINIMUM_EFFECT = 1.0
"""The smallest effect that this check promises to find, in the unit of its planter."""


@check("{code}")
def {name}(profile: Profile) -> Answer:
    """Ask one question of the evidence, in one line.

    ## Why it matters

    ## Example

    ## What to do

    ## Limits
    It promises to find an effect of {{MINIMUM_EFFECT}} or more.
    """
    raise NotImplementedError
'''

PLANTER_MODULE = '''"""Planters for the {family} checks."""

from collections.abc import Mapping

from heldout.faults.planter import Planter, World

__all__ = ["PLANTERS"]

PLANTERS: Mapping[str, tuple[Planter, ...]] = {{}}
'''

PLANTER = '''

def _{name}(seed: int, effect: float) -> World:
    """Build the world of `seed` with the fault at `effect`; an effect of 0 is the clean twin."""
    raise NotImplementedError


PLANTERS = {{**PLANTERS, "{code}": (Planter(fault="{sentence}.", effect="...", build=_{name}),)}}
'''

TEST = '''"""What {code} promises beyond the contract that tests/test_every_check.py holds it to."""

from heldout.checks.{family}.{name} import {name}


def test_it_says_what_it_found_in_words_that_a_stranger_understands():
    raise NotImplementedError({name}.question)
'''


def next_code(family: str) -> str:
    """Return the next free code of the family; a new family takes the first three consonants or letters."""
    taken = [check.code for check in catalog() if check.family == family]
    prefix = taken[0][:3] if taken else family[:3].upper()
    return f"{prefix}{max((int(code[3:]) for code in taken), default=0) + 1:03d}"


def scaffold(spec: str, root: Path = ROOT) -> list[Path]:
    """Write the three files for `spec` ("family/name-with-hyphens") below `root` and return their paths."""
    if not re.fullmatch(r"[a-z]+/[a-z][a-z0-9]*(-[a-z0-9]+)*", spec):
        raise BadInput(
            f"{spec!r} names no check",
            expected="NAME=family/name-with-hyphens",
            mend="make new-check NAME=leakage/near-copy",
        )
    family, _, hyphened = spec.partition("/")
    name = hyphened.replace("-", "_")
    words = {
        "family": family,
        "name": name,
        "code": next_code(family),
        "sentence": hyphened.replace("-", " ").capitalize(),
    }
    package = root / "src/heldout/checks" / family
    check, test = package / f"{name}.py", root / "tests/checks" / family / f"test_{name}.py"
    planters = root / "src/heldout/faults" / f"{family}.py"
    for path in (check, test):
        if path.exists():
            raise BadInput(f"{path.relative_to(root)} is already there", mend="choose another name")
    package.mkdir(parents=True, exist_ok=True)
    planters.parent.mkdir(parents=True, exist_ok=True)
    test.parent.mkdir(parents=True, exist_ok=True)
    if not (package / "__init__.py").exists():
        (package / "__init__.py").write_text(f'"""The {family} checks."""\n', encoding="utf-8")
    check.write_text(CHECK.format(**words), encoding="utf-8")
    test.write_text(TEST.format(**words), encoding="utf-8")
    before = planters.read_text(encoding="utf-8") if planters.exists() else PLANTER_MODULE.format(**words)
    planters.write_text(before + PLANTER.format(**words), encoding="utf-8")
    return [check, planters, test]


def main() -> int:
    try:
        written = scaffold(sys.argv[1] if len(sys.argv) > 1 else "")
    except BadInput as error:
        print(error, file=sys.stderr)
        return 2
    for path in written:
        print(f"wrote {path.relative_to(ROOT)}")
    print("Fill them in; tests/test_every_check.py is red until then.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
