"""TFLite models."""

from .format import TfLite

__all__ = ["TfLite"]
