"""Weights of a PyTorch module by name (.safetensors, .pt, .pth)."""

from .format import StateDict

__all__ = ["StateDict"]
