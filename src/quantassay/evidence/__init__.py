"""How paired rows of a metric become bounds on its loss."""

from .auroc import Auroc
from .binary import Binary
from .described import Described
from .mean import Mean
from .ratio import Ratio

__all__ = ["Auroc", "Binary", "Described", "Mean", "Ratio"]
