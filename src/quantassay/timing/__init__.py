"""Throughput and latency on the same samples, in the same session, side by side."""
