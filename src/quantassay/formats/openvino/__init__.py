"""OpenVINO IR."""

from .format import OpenVinoIr

__all__ = ["OpenVinoIr"]
