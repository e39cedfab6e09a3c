"""Agreement of raters: ratings (raters, units) in, a coefficient with its interval and its parts out.

>>> ratings = [["a", "b", "b", "a", None], ["a", "b", "a", "a", "b"]]
>>> round(raw_agreement(ratings).estimate.value, 2), round(gwet_ac1(ratings).estimate.value, 2)
(0.75, 0.5)
"""

from heldout.stats.agreement.cohen import cohen_kappa, cohen_kappa_from_table
from heldout.stats.agreement.committee import committee_agreement
from heldout.stats.agreement.dawid_skene import DawidSkene, MajorityVote, dawid_skene, majority_vote
from heldout.stats.agreement.fleiss import CategoryKappa, fleiss_kappa, fleiss_kappa_by_category
from heldout.stats.agreement.gwet import (
    brennan_prediger,
    conger_kappa,
    gwet_ac1,
    gwet_ac1_from_table,
    gwet_ac2,
    gwet_ac2_from_table,
)
from heldout.stats.agreement.intraclass import IccKind, IntraclassCorrelation, icc
from heldout.stats.agreement.krippendorff import MeasurementLevel, krippendorff_alpha
from heldout.stats.agreement.ratings import Ratings, as_ratings, ratings_from_counts, ratings_from_table
from heldout.stats.agreement.raw import (
    Disagreement,
    SpecificAgreement,
    disagreements,
    raw_agreement,
    specific_agreement,
)
from heldout.stats.agreement.result import FLOOR, Agreement
from heldout.stats.agreement.severity import rater_severity, severity_drift
from heldout.stats.agreement.weights import agreement_weights

__all__ = [
    "FLOOR",
    "Agreement",
    "CategoryKappa",
    "DawidSkene",
    "Disagreement",
    "IccKind",
    "IntraclassCorrelation",
    "MajorityVote",
    "MeasurementLevel",
    "Ratings",
    "SpecificAgreement",
    "agreement_weights",
    "as_ratings",
    "brennan_prediger",
    "cohen_kappa",
    "cohen_kappa_from_table",
    "committee_agreement",
    "conger_kappa",
    "dawid_skene",
    "disagreements",
    "fleiss_kappa",
    "fleiss_kappa_by_category",
    "gwet_ac1",
    "gwet_ac1_from_table",
    "gwet_ac2",
    "gwet_ac2_from_table",
    "icc",
    "krippendorff_alpha",
    "majority_vote",
    "rater_severity",
    "ratings_from_counts",
    "ratings_from_table",
    "raw_agreement",
    "severity_drift",
    "specific_agreement",
]
