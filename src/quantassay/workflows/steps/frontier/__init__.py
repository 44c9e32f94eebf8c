"""Throughput and accuracy set against each other: the frontier, from verdicts and trials."""
