"""Figures of models and layers that may go with a loss: mathematics on arrays, never a verdict."""
