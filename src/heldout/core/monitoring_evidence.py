"""Evidence on monitoring that was exercised: what alerts did in scenarios, their tests on mutants, a drift detector."""

from dataclasses import dataclass

__all__ = [
    "OWN",
    "SCENARIOS",
    "AlertTrial",
    "Detected",
    "DriftTrial",
    "Mutant",
    "OwnTests",
    "RulesCopy",
    "TriedAlert",
]

SCENARIOS = ("drift", "latency", "CPU", "target down", "late data")
"""What goes wrong in the hidden scenarios."""

OWN = "its own condition"
"""The scenario in which everything that an alert's expression asks for is true at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TriedAlert:
    """What one alert of a rule file did.

    `purpose` is one of SCENARIOS or "other", inferred from `told_by`. `fired` are the scenarios in which it fired, with
    the seconds since the scenario began; `allowed` seconds were waited: its `for`, its longest look back, ten minutes.
    `in_clean` tells whether it fired in the clean control. `unclear` says why it could not be exercised; then it was
    not. `metrics` counts the different metrics of its expression; `sourceless` are those that no other file of the
    repository names and no usual exporter has.
    """

    path: str
    alert: str
    purpose: str
    told_by: str
    fired: tuple[tuple[str, float], ...] = ()
    allowed: float = 0.0
    in_clean: bool = False
    unclear: str = ""
    metrics: int = 1
    sourceless: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnTests:
    """A test file of promtool in a repository: the files that it loads, those it names in vain, and how it ended."""

    path: str
    loads: tuple[str, ...]
    missing: tuple[str, ...]
    passed: bool
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesCopy:
    """Alerts that are tested in `tested` and stand again in `shipped`, which no test loads.

    `differ` are those that say something else there; `in_test_place` tells whether `tested` lies where tests do and
    `shipped` does not; `inline` whether the copy is text inside of another file than a rule file.
    """

    tested: str
    shipped: str
    alerts: tuple[str, ...]
    differ: tuple[str, ...]
    in_test_place: bool
    inline: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """One change to one rule, and whether the repository's own tests noticed; `is_deletion` when the rule was gone."""

    path: str
    alert: str
    change: str
    killed: bool
    is_deletion: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertTrial:
    """What a repository's alerts and their tests did under promtool, which `judge` names with its version.

    `refused` are rule files that do not load, so that their alerts were not exercised; `unmutated` are (path, why) of
    rule files whose tests could not be put to mutants.
    """

    judge: str
    alerts: tuple[TriedAlert, ...]
    own_tests: tuple[OwnTests, ...]
    copies: tuple[RulesCopy, ...]
    mutants: tuple[Mutant, ...]
    refused: tuple[str, ...] = ()
    unmutated: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Detected:
    """What a drift detector did on drift of one size.

    `size` is the shift in standard deviations of a numeric column, or what moves as much probability in a column of
    categories or missing values. Of `days` drifted days `alarms` alarmed; of `episodes` runs of such days `found` had
    an alarm, after `delays` days each (1 is the first day), in the order of the episodes that were found.
    """

    size: float
    days: int
    alarms: int
    episodes: int
    found: int
    delays: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DriftTrial:
    """A submission's drift detector on days with injected drift of growing size and on clean days.

    `by_kind` are (kind of drift, drifted days, alarms). `clean_days` are days without drift, `false_alarms` those with
    an alarm; `allowed_per_day` and `smallest_shift` are what the brief asks for. `failed` says why there is no answer;
    `is_asked` is False where the brief asks for no detector and the submission has none.
    """

    rows_per_day: int
    reference_rows: int
    columns: int
    episode_days: int
    clean_days: int
    false_alarms: int
    allowed_per_day: float
    smallest_shift: float
    detected: tuple[Detected, ...]
    by_kind: tuple[tuple[str, int, int], ...] = ()
    failed: str = ""
    is_asked: bool = True
