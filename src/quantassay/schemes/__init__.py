"""Quantizers, one a file; what calibrates them; and whether they changed anything."""

from .contract import Scheme

__all__ = ["Scheme"]
