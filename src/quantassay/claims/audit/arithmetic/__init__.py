"""What the figures of a text bear out, one rule a file."""
