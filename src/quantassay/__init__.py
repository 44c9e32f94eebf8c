"""What a quantization scheme really costs one model on one task, under a declared rubric."""

__version__ = "0.1.0"
