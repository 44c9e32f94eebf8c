"""Frozen dataclasses that pass between rooms."""
