"""Exported programs and state dicts in PyTorch."""
