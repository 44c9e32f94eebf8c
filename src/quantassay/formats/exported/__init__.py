"""Exported programs of PyTorch (.pt2)."""

from .format import Exported

__all__ = ["Exported"]
