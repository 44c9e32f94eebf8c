"""Two places of a text that cannot both hold, one rule a file."""
