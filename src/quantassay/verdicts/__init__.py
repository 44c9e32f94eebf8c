"""From evidence to verdicts: cells, candidates, overall."""
