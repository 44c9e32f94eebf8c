"""What a plugin author tests with: drawn samples, and the laws that every plugin obeys.

Each ``check_`` raises AssertionError in one line: the plugin, the law, and what breaks it.
"""

from .backends import check_backend
from .engines import check_engine
from .exports import check_export, random_claim, random_comparison
from .formats import check_format
from .pairs import Pair, random_pair
from .readers import check_reader
from .schemes import check_scheme
from .scores import check_agreement, check_metric
from .throughput_logs import check_throughput_log

__all__ = [
    "Pair",
    "check_agreement",
    "check_backend",
    "check_engine",
    "check_export",
    "check_format",
    "check_metric",
    "check_reader",
    "check_scheme",
    "check_throughput_log",
    "random_claim",
    "random_comparison",
    "random_pair",
]
