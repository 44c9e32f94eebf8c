"""ONNX models."""

from .format import Onnx

__all__ = ["Onnx"]
