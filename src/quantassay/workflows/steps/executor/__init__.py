"""The executor of a run: its specification, and another one beside it."""
