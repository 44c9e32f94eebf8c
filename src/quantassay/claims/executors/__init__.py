"""The executor of a claim: written down, read back, and set beside another."""
