"""Results in the formats of others; one format, one file."""
