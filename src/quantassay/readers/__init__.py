"""Data and recorded predictions, read in Arrow batches: one format, one file."""

from .contract import Reader
from .inputs import InputStream
from .outputs import interpret
from .predictions import Recorded, read_predictions
from .preprocessing import Preprocess, build_preprocess
from .samples import read_samples

__all__ = [
    "InputStream",
    "Preprocess",
    "Reader",
    "Recorded",
    "build_preprocess",
    "interpret",
    "read_predictions",
    "read_samples",
]
