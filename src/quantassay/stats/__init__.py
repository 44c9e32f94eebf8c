"""Mathematics on arrays: intervals, p-values and sample sizes of a paired loss.

``d`` is candidate minus reference, oriented so that higher is better; a loss is minus its mean.
Every level is one-sided: (1 - confidence) / 2. What is undefined is NaN. Names load on first use.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .binary import (
        binary_floor,
        binary_interval,
        binary_p_beyond,
        binary_p_within,
        paired_binary,
    )
    from .clusters import (
        cluster_bounds,
        cluster_floor,
        cluster_p_beyond,
        cluster_p_within,
        design_effect,
        effective_clusters,
        full_clusters,
        intraclass_correlation,
    )
    from .mcnemar import mcnemar_asymptotic, mcnemar_exact, mcnemar_midp
    from .means import mean_bounds, mean_floor, mean_p_beyond, mean_p_within, paired_mean
    from .multiplicity import holm
    from .newcombe import newcombe_interval
    from .paired import Paired
    from .planning_binary import (
        binary_power,
        binary_sample_size,
        needed_n_binary,
        smallest_detectable_binary,
    )
    from .planning_means import (
        expected_design_effect,
        mean_power,
        mean_sample_size,
        smallest_detectable_mean,
    )
    from .proportions import clopper_pearson, discordance_upper
    from .pseudo import pseudo_count
    from .quantiles import Interval, quantile_interval
    from .ratio import ratio_bounds, ratio_p_beyond, ratio_p_within, ratio_standard_error
    from .speed import speed_ratio
    from .tango import tango_interval
    from .unconditional import exact_unconditional

_HOMES = {
    "binary": (
        "binary_floor",
        "binary_interval",
        "binary_p_beyond",
        "binary_p_within",
        "paired_binary",
    ),
    "clusters": (
        "cluster_bounds",
        "cluster_floor",
        "cluster_p_beyond",
        "cluster_p_within",
        "design_effect",
        "effective_clusters",
        "full_clusters",
        "intraclass_correlation",
    ),
    "mcnemar": ("mcnemar_asymptotic", "mcnemar_exact", "mcnemar_midp"),
    "means": ("mean_bounds", "mean_floor", "mean_p_beyond", "mean_p_within", "paired_mean"),
    "multiplicity": ("holm",),
    "newcombe": ("newcombe_interval",),
    "paired": ("Paired",),
    "planning_binary": (
        "binary_power",
        "binary_sample_size",
        "needed_n_binary",
        "smallest_detectable_binary",
    ),
    "planning_means": (
        "expected_design_effect",
        "mean_power",
        "mean_sample_size",
        "smallest_detectable_mean",
    ),
    "proportions": ("clopper_pearson", "discordance_upper"),
    "pseudo": ("pseudo_count",),
    "quantiles": ("Interval", "quantile_interval"),
    "ratio": ("ratio_bounds", "ratio_p_beyond", "ratio_p_within", "ratio_standard_error"),
    "speed": ("speed_ratio",),
    "tango": ("tango_interval",),
    "unconditional": ("exact_unconditional",),
}
_HOME = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [
    "Interval",
    "Paired",
    "binary_floor",
    "binary_interval",
    "binary_p_beyond",
    "binary_p_within",
    "binary_power",
    "binary_sample_size",
    "clopper_pearson",
    "cluster_bounds",
    "cluster_floor",
    "cluster_p_beyond",
    "cluster_p_within",
    "design_effect",
    "discordance_upper",
    "effective_clusters",
    "exact_unconditional",
    "expected_design_effect",
    "full_clusters",
    "holm",
    "intraclass_correlation",
    "mcnemar_asymptotic",
    "mcnemar_exact",
    "mcnemar_midp",
    "mean_bounds",
    "mean_floor",
    "mean_p_beyond",
    "mean_p_within",
    "mean_power",
    "mean_sample_size",
    "needed_n_binary",
    "newcombe_interval",
    "paired_binary",
    "paired_mean",
    "pseudo_count",
    "quantile_interval",
    "ratio_bounds",
    "ratio_p_beyond",
    "ratio_p_within",
    "ratio_standard_error",
    "smallest_detectable_binary",
    "smallest_detectable_mean",
    "speed_ratio",
    "tango_interval",
]


def __getattr__(name: str) -> Any:
    """Import a name when it is first asked for."""
    if name not in _HOME:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    found = getattr(import_module(f".{_HOME[name]}", __name__), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """List the public names."""
    return __all__
