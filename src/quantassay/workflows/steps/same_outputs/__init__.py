"""Outputs produced while timing beside those of the accuracy pass."""
