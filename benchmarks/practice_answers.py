"""How the labelled typed answers are read: what is credited directly, and after one probe, by whom."""

from collections.abc import Iterator
from random import Random

from benchmarks.measure import table
from heldout.practice.answers import Explanation, Heard, Standing, read, score
from heldout.practice.answers.corpus import Label, Typed, labelled, labelled_points
from heldout.stats.proportions import wilson

RIGHT = (Label.RIGHT, Label.PARAPHRASED)
WRONG = (Label.NEGATED, Label.KEYWORDS, Label.OFF_TOPIC)
GUESSES = 200
LEAST_CREDITED = 0.9
# what each batch gave at its first reading, before its failures mended the rules (the commits hold rules and batches):
# negated answers credited, of how many; right and paraphrased ones credited directly or after one probe, of how many
FIRST_READINGS = {
    "1, held-out half": (4, 50, 66, 70),
    "2": (4, 54, 33, 34),
    "3": (4, 54, 26, 27),
    "4, written against the rules": (17, 52, 27, 27),
    "5": (3, 54, 27, 27),
    "6, in the points' own words": (4, 54, 27, 27),
}
_MISSED: list[str] = []


def section() -> str:
    """Read every labelled answer; an honest learner answers a probe rightly, a wrong believer wrongly."""
    points = labelled_points()
    heard = [(one, read(one.text, (points[one.point][1],)).heard[0]) for one in labelled()]
    _MISSED[:] = _missed(heard)
    return (
        f"{len(heard)} answers to {len(points)} points of {len({family for family, _ in points.values()})} families, "
        "typed by hand in six batches. *Directly*: covered as read. *After a probe*: an unclear answer whose probe an "
        "honest learner answers rightly, a wrong believer wrongly, a guesser at random. Brackets: Wilson, 95 %.\n\n"
        + table(("label", "n", "credited directly", "probed", "contradicted", "credited in the end"), [*_rows(heard)])
        + "\n\nBy batch, right and paraphrased answers credited in the end, and negated ones:\n\n"
        + table(("batch", "right", "of them directly", "negated ones credited"), [*_by_batch(heard)])
        + "\n\nThe failures of each batch mended the rules, so that those figures are of answers that the rules have "
        "seen. At its **first reading** a batch gave:\n\n"
        + table(("batch", "right ones credited", "negated ones credited"), [*_first_readings()])
        + "\n\nThe fourth batch denies points without any word of denial; after it, a sentence with a word that is not "
        "known to be harmless goes to the probe. The fifth and the sixth say what is to be expected of new answers. A "
        f"guesser of probes earns {_guessed(heard):.2f} of a point on average.\n"
    )


def has_missed() -> list[str]:
    """Return which bars were missed."""
    return _MISSED


def _rows(heard: list[tuple[Typed, Heard]]) -> Iterator[list[object]]:
    for label in Label:
        own = [one for typed, one in heard if typed.label is label]
        ways = [one.standing for one in own]
        yield [
            label.value,
            len(own),
            _share(ways.count(Standing.COVERED), len(own)),
            ways.count(Standing.UNCLEAR),
            ways.count(Standing.CONTRADICTED),
            _share(sum(_in_the_end(one, label) for one in own), len(own)) if label is not Label.PARTLY else "–",
        ]


def _in_the_end(heard: Heard, label: Label) -> bool:
    """Return whether it is credited after its probe, which those who know answer rightly and the others wrongly."""
    return heard.standing is Standing.COVERED or (heard.standing is Standing.UNCLEAR and label in RIGHT)


def _by_batch(heard: list[tuple[Typed, Heard]]) -> Iterator[list[object]]:
    parts = [("1, tuning half", 1, False), ("1, held-out half", 1, True), *((str(n), n, True) for n in range(2, 7))]
    for name, batch, held_out in parts:
        own = [(typed, one) for typed, one in heard if typed.batch == batch and typed.held_out is held_out]
        right = [one for typed, one in own if typed.label in RIGHT]
        wrong = [one for typed, one in own if typed.label is Label.NEGATED]
        yield [
            name,
            _share(sum(_in_the_end(one, Label.RIGHT) for one in right), len(right)),
            _share(sum(one.standing is Standing.COVERED for one in right), len(right)),
            _share(sum(_in_the_end(one, Label.NEGATED) for one in wrong), len(wrong)),
        ]


def _first_readings() -> Iterator[list[object]]:
    for name, (credited, negated, right, of) in FIRST_READINGS.items():
        yield [name, _share(right, of), _share(credited, negated)]


def _guessed(heard: list[tuple[Typed, Heard]]) -> float:
    rng = Random(7)
    probed = [one for _, one in heard if one.probe is not None]
    total = 0.0
    for one in probed:
        for _ in range(GUESSES):
            total += score(Explanation(heard=(one,)), {one.point: rng.randrange(len(one.probe.options))}).shares[
                one.point
            ]
    return round(total / (GUESSES * len(probed)), 2) + 0.0


def _missed(heard: list[tuple[Typed, Heard]]) -> list[str]:
    credited = [typed.text for typed, one in heard if typed.label in WRONG and _in_the_end(one, typed.label)]
    right = [_in_the_end(one, typed.label) for typed, one in heard if typed.label in RIGHT]
    too_few = [f"only {sum(right)} of {len(right)} right ones"] if sum(right) < LEAST_CREDITED * len(right) else []
    return credited + too_few


def _share(count: int, n: int) -> str:
    share = wilson(count, n)
    return f"{count} of {n}: {share.value:.1%} [{share.low:.1%}, {share.high:.1%}]"
