"""One metric, one file; each declares direction, evidence, definition and source."""
