"""A bucket for each id that is the same in every run, on every machine."""

import hashlib
from random import Random

from heldout.practice.blank.task import Case, Slip, Task, Trace
from heldout.practice.drill import Family
from heldout.practice.point import Point, Probe

__all__ = ["TASK"]

REFERENCE = """
import hashlib

def bucket(name, salt, buckets):
    if buckets < 1:
        return None
    digest = hashlib.sha256(f"{salt}:{name}".encode("utf-8")).digest()
    return int.from_bytes(digest[:8], "big") % buckets
"""


def oracle(name: str, salt: str, buckets: int) -> int | None:
    """Return it from the hexadecimal digest, digit by digit."""
    if buckets < 1:
        return None
    rest = 0
    for digit in hashlib.sha256(salt.encode() + b":" + name.encode()).hexdigest()[:16]:
        rest = (rest * 16 + int(digit, 16)) % buckets
    return rest


def _hidden(seed: int) -> tuple[Case, ...]:
    rng = Random(seed)
    names = [f"user-{rng.randrange(10**9)}" for _ in range(12)]
    salt = f"exp-{rng.randrange(1000)}"
    calls = [
        *(("many ids", name, salt, 1000) for name in names),
        *(("another salt", name, f"{salt}-b", 1000) for name in names),
        ("the empty id", "", salt, 1000),
        ("one bucket", names[0], salt, 1),
        ("no bucket", names[0], salt, 0),
        ("letters of any language", "Žofie 北京 " + names[0], salt, 997),
        ("many buckets", names[0], salt, 10**15),
    ]
    return tuple(Case(test=t, arguments=(a, b, c), wanted=oracle(a, b, c)) for t, a, b, c in calls)


TASK = Task(
    family=Family.REPRODUCIBILITY,
    name="stable-bucket",
    title="A bucket that stays",
    statement="Put ids into buckets so that every run and every machine puts an id into the same one.",
    function="bucket",
    signature="def bucket(name: str, salt: str, buckets: int) -> int | None:",
    inputs=("name: the id", "salt: the experiment's name", "buckets: how many there are"),
    outputs=(
        "the first 8 bytes of SHA-256 of the UTF-8 text `salt:name`, read as a big-endian number, modulo `buckets`",
    ),
    edges=("fewer than one bucket: None", "an empty id is an id", "ids hold letters of any language"),
    baseline="hash(name) % buckets: finished at once, and different in every process. Then take a hash that stays.",
    trace=Trace(
        arguments=("a", "s", 10),
        result=oracle("a", "s", 10),
        way='SHA-256 of "s:a"; its first 8 bytes as one number; the rest of a division by 10.',
    ),
    tests={
        "many ids": "twelve ids of one experiment",
        "another salt": "the same ids in another experiment",
        "the empty id": "an id without letters",
        "one bucket": "one bucket for all",
        "no bucket": "no bucket at all",
        "letters of any language": "letters outside ASCII",
        "many buckets": "10¹⁵ buckets",
    },
    hidden=_hidden,
    reference=REFERENCE,
    slips=(
        Slip(
            mistake="Python's own hash, which every process salts anew",
            changes=(('int.from_bytes(digest[:8], "big") % buckets', "hash((salt, name)) % buckets"),),
            fails=("many ids", "another salt"),
        ),
        Slip(
            mistake="the salt is forgotten", changes=(('f"{salt}:{name}"', "name"),), fails=("many ids", "another salt")
        ),
        Slip(mistake="little-endian", changes=(('"big"', '"little"'),), fails=("many ids", "many buckets")),
        Slip(
            mistake="no bucket is not looked for",
            changes=(("if buckets < 1:\n        return None\n    ", ""),),
            fails=("no bucket",),
        ),
        Slip(
            mistake="ASCII letters only",
            changes=(('encode("utf-8")', 'encode("ascii", "ignore")'),),
            fails=("letters of any language",),
        ),
    ),
    point=Point(
        name="why a salt of its own",
        says="Each experiment needs a salt of its own, or the same users share an arm in all experiments.",
        anchors=(("salt*",), ("experiment*", "correlat*", "same users", "same arm", "share*")),
        probe=Probe(
            ask="What happens when all experiments use one salt?",
            options=("The same users land together in every experiment", "Buckets become uneven", "Nothing"),
            right=0,
        ),
    ),
)
