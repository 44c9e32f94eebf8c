"""Calibration samples that stand in the test set too, or nearly."""
