"""Throughput measured elsewhere, joined to the accuracy of the same model on the same executor."""
