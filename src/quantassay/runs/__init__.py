"""The run folder: journal first, then results; a cache that survives an interruption."""
