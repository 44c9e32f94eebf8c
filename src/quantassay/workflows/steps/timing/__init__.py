"""Throughput of the variants of a rubric: how they are timed, and what their trials say."""
