"""The planted worlds of the milestones: a product, an offline result, and how much of such results holds online.

Effects are relative changes of the online metric. In each world's history the online effect of a change was
`holds` × its offline gain + `bias` + noise of spread `around`; the true effect of the change at hand is drawn from that
law, and the experiment measures it with a standard error of its own. So who reads the history knows the law.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

__all__ = ["SITUATIONS", "Situation"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """A product's situation. `gain` is the range of the offline gain; `error` the standard error of the experiment.

    `least` is the online effect from which shipping pays: what the change costs to run.
    """

    name: str
    story: str
    offline: str
    online: str
    trap: str
    gain: tuple[float, float]
    holds: float
    bias: float
    around: float
    error: float
    least: float


SITUATIONS: Mapping[int, Situation] = MappingProxyType(
    {
        3: Situation(
            name="search ranking",
            story=(
                "A marketplace's new ranker is better by NDCG@10 on logged clicks. Logged clicks favour what the old "
                "ranker showed on top."
            ),
            offline="NDCG@10",
            online="orders per search",
            trap="Clicks were logged under the old ranker: position bias makes a part of the gain.",
            gain=(0.02, 0.08),
            holds=0.3,
            bias=-0.002,
            around=0.006,
            error=0.003,
            least=0.012,
        ),
        5: Situation(
            name="fraud score",
            story=(
                "A card issuer's new fraud score catches more at the same false-alarm rate, on cases that the old "
                "score had stopped or passed. Cases it stopped have no outcome."
            ),
            offline="recall at 1 % false alarms",
            online="losses avoided per card",
            trap="Outcomes are known only where the old score let a payment pass: the gain is of a selected part.",
            gain=(0.05, 0.15),
            holds=0.45,
            bias=-0.01,
            around=0.015,
            error=0.006,
            least=0.03,
        ),
        7: Situation(
            name="notification timing",
            story=(
                "A news app's model picks the hour of a push. The offline gain is on last month's opens, in which the "
                "most active readers are most of the rows."
            ),
            offline="predicted opens",
            online="readers who are back after a week",
            trap="Opens are not readers who come back: more of the one can cost the other.",
            gain=(0.03, 0.12),
            holds=-0.1,
            bias=0.002,
            around=0.008,
            error=0.004,
            least=0.002,
        ),
        10: Situation(
            name="delivery times",
            story=(
                "A courier's new forecast has a lower error on a held-out month after the training months, by city. "
                "The experiment randomises cities."
            ),
            offline="reduction of mean absolute error",
            online="reduction of late deliveries",
            trap="Few cities: the experiment itself is wide, and a small true effect may show either sign.",
            gain=(0.04, 0.1),
            holds=0.8,
            bias=0.0,
            around=0.01,
            error=0.02,
            least=0.055,
        ),
        12: Situation(
            name="support answers",
            story=(
                "A help desk's assistant with a larger model wins more pairs before raters. Raters see each answer "
                "once, and never wait for it; the larger model is slower by 900 ms."
            ),
            offline="win rate over 50 %",
            online="cases solved without a person",
            trap="Raters did not pay for the wait: latency takes back a fixed part of the gain.",
            gain=(0.06, 0.18),
            holds=0.35,
            bias=-0.03,
            around=0.012,
            error=0.006,
            least=0.005,
        ),
        14: Situation(
            name="home feed",
            story=(
                "A video service's feed model gains on a replay of last week, after eleven variants were tried on the "
                "same week and the best was kept. Earlier experiments also saw a first-week novelty."
            ),
            offline="watch time on replay",
            online="hours per viewer, weeks 2 to 4",
            trap="The best of eleven is partly luck, and the first week is partly novelty: both shrink the gain.",
            gain=(0.03, 0.09),
            holds=0.25,
            bias=-0.001,
            around=0.007,
            error=0.003,
            least=0.013,
        ),
    }
)
"""The situation of each milestone, by the number of its day."""
