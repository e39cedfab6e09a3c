"""Are probabilities to be taken at their word? Brier's parts, recalibration, reliability curves, tests."""

from heldout.stats.calibration.brier import BrierDecomposition, brier_decomposition, scaled_brier
from heldout.stats.calibration.curves import (
    CalibrationError,
    HosmerLemeshow,
    ReliabilityBin,
    expected_calibration_error,
    hosmer_lemeshow,
    reliability_curve,
)
from heldout.stats.calibration.logistic import (
    CalibrationSlope,
    calibration_slope,
    mean_miscalibration,
    recalibrated,
)
from heldout.stats.calibration.recalibrate import IsotonicFit, PlattFit, isotonic_fit, platt_fit
from heldout.stats.calibration.unbinned import SpiegelhalterTest, observed_to_expected, spiegelhalter

__all__ = [
    "BrierDecomposition",
    "CalibrationError",
    "CalibrationSlope",
    "HosmerLemeshow",
    "IsotonicFit",
    "PlattFit",
    "ReliabilityBin",
    "SpiegelhalterTest",
    "brier_decomposition",
    "calibration_slope",
    "expected_calibration_error",
    "hosmer_lemeshow",
    "isotonic_fit",
    "mean_miscalibration",
    "observed_to_expected",
    "platt_fit",
    "recalibrated",
    "reliability_curve",
    "scaled_brier",
    "spiegelhalter",
]
