"""Logs of programs that time a model and keep no answers: throughput halves of a trade-off."""
