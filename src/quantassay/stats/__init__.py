"""Mathematics on arrays: intervals, p-values and sample sizes of a paired loss.

``d`` is candidate minus reference, oriented so that higher is better; a loss is minus its mean.
Every level is one-sided: (1 - confidence) / 2. What is undefined is NaN. Names load on first use.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .anytime import anytime_p
    from .auroc import (
        auroc_bounds,
        auroc_floor,
        auroc_p_beyond,
        auroc_p_within,
        delong,
    )
    from .auroc_clusters import (
        ClusterPlacements,
        auroc_cluster_bounds,
        auroc_cluster_floor,
        auroc_cluster_p_beyond,
        auroc_cluster_p_within,
        cluster_placements,
    )
    from .betting import (
        betting_bounds,
        betting_e_beyond,
        betting_e_within,
        betting_floor,
        betting_p_beyond,
        betting_p_within,
        paired_binary_e,
    )
    from .betting_clusters import ClusterBets, cluster_bets
    from .binary import (
        binary_floor,
        binary_interval,
        binary_p_beyond,
        binary_p_within,
        paired_binary,
    )
    from .calibration import (
        SampleNoise,
        between_draws,
        fresh_draw_interval,
        sample_noise,
        share_of_draws,
    )
    from .changes import changes_allowed, unlabelled_power
    from .cluster_totals import ClusterSums, cluster_sums
    from .clusters import (
        cluster_bounds,
        cluster_floor,
        cluster_p_beyond,
        cluster_p_within,
        effective_clusters,
        equivalent_clusters,
        full_clusters,
    )
    from .contrasts import contrast, contrast_p
    from .crossed import crossed_bounds, crossed_clusters, crossed_p_beyond, crossed_p_within
    from .dependence import design_effect, intraclass_correlation
    from .deviation import deviation_interval
    from .discovery import Discovered, discover, halves
    from .drift import log_drift
    from .estimated import (
        estimated_p_beyond,
        estimated_p_within,
        maximized_p_beyond,
        maximized_p_within,
    )
    from .grid import betting_counts
    from .hanley_mcneil import auroc_difference_variance, auroc_variance
    from .maxt import max_t
    from .mcnemar import mcnemar_asymptotic, mcnemar_exact, mcnemar_midp, mcnemar_power
    from .means import mean_bounds, mean_floor, mean_p_beyond, mean_p_within, paired_mean
    from .multiplicity import benjamini_hochberg, holm
    from .newcombe import newcombe_interval
    from .noise import session_bounds, session_p_beyond, session_p_within
    from .paired import Paired
    from .placements import Placements, area_under_roc, paired_placements
    from .planning_auroc import auroc_power, auroc_sample_size, smallest_detectable_auroc
    from .planning_binary import (
        binary_power,
        binary_sample_size,
        needed_n_binary,
        smallest_detectable_binary,
    )
    from .planning_clusters import cluster_power, cluster_sample_size, smallest_detectable_cluster
    from .planning_exact import (
        enumerated_binary_power,
        enumerated_binary_sample_size,
        enumerated_smallest_detectable_binary,
    )
    from .planning_means import mean_power, mean_sample_size, smallest_detectable_mean
    from .planning_mix import ClusterMix, cluster_mix, expected_design_effect
    from .planning_overall import OverallPower, overall_power, power_of_each
    from .planning_pilot import Tails, ratio_harm, ratio_influence, spread_upper, tails
    from .proportions import clopper_pearson, discordance_upper
    from .pseudo import pseudo_count
    from .quantiles import Interval, quantile_interval
    from .ranks import rank_correlation, rank_correlation_interval, rank_correlation_p
    from .ratio import ratio_bounds, ratio_p_beyond, ratio_p_within, ratio_standard_error
    from .selection import dominated, fastest_first, fixed_sequence
    from .shrinkage import Shrunk, pooled_variance, shrink
    from .speed import (
        speed_needed_blocks,
        speed_p_beyond,
        speed_p_within,
        speed_ratio,
        throughput_interval,
    )
    from .spending import nominal_levels, sequential_p, spent_alpha
    from .standardization import standardized, standardized_shared
    from .stopping import chance_left, expected_information, stopping_chances
    from .strict import exact_binary_interval, exact_binary_p_beyond, exact_binary_p_within
    from .tango import tango_interval
    from .two_sample import MixDifference, energy_difference, ks_difference, mix_difference
    from .unconditional import exact_unconditional
    from .wald import agresti_min_interval, bonett_price_interval, wald_interval

_HOMES = {
    "anytime": ("anytime_p",),
    "auroc": (
        "auroc_bounds",
        "auroc_floor",
        "auroc_p_beyond",
        "auroc_p_within",
        "delong",
    ),
    "auroc_clusters": (
        "ClusterPlacements",
        "auroc_cluster_bounds",
        "auroc_cluster_floor",
        "auroc_cluster_p_beyond",
        "auroc_cluster_p_within",
        "cluster_placements",
    ),
    "betting": (
        "betting_bounds",
        "betting_e_beyond",
        "betting_e_within",
        "betting_floor",
        "betting_p_beyond",
        "betting_p_within",
        "paired_binary_e",
    ),
    "betting_clusters": ("ClusterBets", "cluster_bets"),
    "binary": (
        "binary_floor",
        "binary_interval",
        "binary_p_beyond",
        "binary_p_within",
        "paired_binary",
    ),
    "calibration": (
        "SampleNoise",
        "between_draws",
        "fresh_draw_interval",
        "sample_noise",
        "share_of_draws",
    ),
    "changes": ("changes_allowed", "unlabelled_power"),
    "cluster_totals": ("ClusterSums", "cluster_sums"),
    "clusters": (
        "cluster_bounds",
        "cluster_floor",
        "cluster_p_beyond",
        "cluster_p_within",
        "effective_clusters",
        "equivalent_clusters",
        "full_clusters",
    ),
    "contrasts": ("contrast", "contrast_p"),
    "crossed": ("crossed_bounds", "crossed_clusters", "crossed_p_beyond", "crossed_p_within"),
    "dependence": ("design_effect", "intraclass_correlation"),
    "deviation": ("deviation_interval",),
    "discovery": ("Discovered", "discover", "halves"),
    "drift": ("log_drift",),
    "estimated": (
        "estimated_p_beyond",
        "estimated_p_within",
        "maximized_p_beyond",
        "maximized_p_within",
    ),
    "grid": ("betting_counts",),
    "hanley_mcneil": ("auroc_difference_variance", "auroc_variance"),
    "maxt": ("max_t",),
    "mcnemar": ("mcnemar_asymptotic", "mcnemar_exact", "mcnemar_midp", "mcnemar_power"),
    "means": ("mean_bounds", "mean_floor", "mean_p_beyond", "mean_p_within", "paired_mean"),
    "multiplicity": ("benjamini_hochberg", "holm"),
    "newcombe": ("newcombe_interval",),
    "noise": ("session_bounds", "session_p_beyond", "session_p_within"),
    "paired": ("Paired",),
    "placements": ("Placements", "area_under_roc", "paired_placements"),
    "planning_auroc": ("auroc_power", "auroc_sample_size", "smallest_detectable_auroc"),
    "planning_binary": (
        "binary_power",
        "binary_sample_size",
        "needed_n_binary",
        "smallest_detectable_binary",
    ),
    "planning_clusters": ("cluster_power", "cluster_sample_size", "smallest_detectable_cluster"),
    "planning_exact": (
        "enumerated_binary_power",
        "enumerated_binary_sample_size",
        "enumerated_smallest_detectable_binary",
    ),
    "planning_means": ("mean_power", "mean_sample_size", "smallest_detectable_mean"),
    "planning_mix": ("ClusterMix", "cluster_mix", "expected_design_effect"),
    "planning_overall": ("OverallPower", "overall_power", "power_of_each"),
    "planning_pilot": ("Tails", "ratio_harm", "ratio_influence", "spread_upper", "tails"),
    "proportions": ("clopper_pearson", "discordance_upper"),
    "pseudo": ("pseudo_count",),
    "quantiles": ("Interval", "quantile_interval"),
    "ranks": ("rank_correlation", "rank_correlation_interval", "rank_correlation_p"),
    "ratio": ("ratio_bounds", "ratio_p_beyond", "ratio_p_within", "ratio_standard_error"),
    "selection": ("dominated", "fastest_first", "fixed_sequence"),
    "shrinkage": ("Shrunk", "pooled_variance", "shrink"),
    "speed": (
        "speed_needed_blocks",
        "speed_p_beyond",
        "speed_p_within",
        "speed_ratio",
        "throughput_interval",
    ),
    "spending": ("nominal_levels", "sequential_p", "spent_alpha"),
    "standardization": ("standardized", "standardized_shared"),
    "strict": ("exact_binary_interval", "exact_binary_p_beyond", "exact_binary_p_within"),
    "stopping": ("chance_left", "expected_information", "stopping_chances"),
    "tango": ("tango_interval",),
    "two_sample": ("MixDifference", "energy_difference", "ks_difference", "mix_difference"),
    "unconditional": ("exact_unconditional",),
    "wald": ("agresti_min_interval", "bonett_price_interval", "wald_interval"),
}
_HOME = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [
    "ClusterBets",
    "ClusterMix",
    "ClusterPlacements",
    "ClusterSums",
    "Discovered",
    "Interval",
    "MixDifference",
    "OverallPower",
    "Paired",
    "Placements",
    "SampleNoise",
    "Shrunk",
    "Tails",
    "agresti_min_interval",
    "anytime_p",
    "area_under_roc",
    "auroc_bounds",
    "auroc_cluster_bounds",
    "auroc_cluster_floor",
    "auroc_cluster_p_beyond",
    "auroc_cluster_p_within",
    "auroc_difference_variance",
    "auroc_floor",
    "auroc_p_beyond",
    "auroc_p_within",
    "auroc_power",
    "auroc_sample_size",
    "auroc_variance",
    "benjamini_hochberg",
    "betting_bounds",
    "betting_counts",
    "betting_e_beyond",
    "betting_e_within",
    "betting_floor",
    "betting_p_beyond",
    "betting_p_within",
    "between_draws",
    "binary_floor",
    "binary_interval",
    "binary_p_beyond",
    "binary_p_within",
    "binary_power",
    "binary_sample_size",
    "bonett_price_interval",
    "chance_left",
    "changes_allowed",
    "clopper_pearson",
    "cluster_bets",
    "cluster_bounds",
    "cluster_floor",
    "cluster_mix",
    "cluster_p_beyond",
    "cluster_p_within",
    "cluster_placements",
    "cluster_power",
    "cluster_sample_size",
    "cluster_sums",
    "contrast",
    "contrast_p",
    "crossed_bounds",
    "crossed_clusters",
    "crossed_p_beyond",
    "crossed_p_within",
    "delong",
    "design_effect",
    "deviation_interval",
    "discordance_upper",
    "discover",
    "dominated",
    "effective_clusters",
    "energy_difference",
    "enumerated_binary_power",
    "enumerated_binary_sample_size",
    "enumerated_smallest_detectable_binary",
    "equivalent_clusters",
    "estimated_p_beyond",
    "estimated_p_within",
    "exact_binary_interval",
    "exact_binary_p_beyond",
    "exact_binary_p_within",
    "exact_unconditional",
    "expected_design_effect",
    "expected_information",
    "fastest_first",
    "fixed_sequence",
    "fresh_draw_interval",
    "full_clusters",
    "halves",
    "holm",
    "intraclass_correlation",
    "ks_difference",
    "log_drift",
    "max_t",
    "maximized_p_beyond",
    "maximized_p_within",
    "mcnemar_asymptotic",
    "mcnemar_exact",
    "mcnemar_midp",
    "mcnemar_power",
    "mean_bounds",
    "mean_floor",
    "mean_p_beyond",
    "mean_p_within",
    "mean_power",
    "mean_sample_size",
    "mix_difference",
    "needed_n_binary",
    "newcombe_interval",
    "nominal_levels",
    "overall_power",
    "paired_binary",
    "paired_binary_e",
    "paired_mean",
    "paired_placements",
    "pooled_variance",
    "power_of_each",
    "pseudo_count",
    "quantile_interval",
    "rank_correlation",
    "rank_correlation_interval",
    "rank_correlation_p",
    "ratio_bounds",
    "ratio_harm",
    "ratio_influence",
    "ratio_p_beyond",
    "ratio_p_within",
    "ratio_standard_error",
    "sample_noise",
    "sequential_p",
    "session_bounds",
    "session_p_beyond",
    "session_p_within",
    "share_of_draws",
    "shrink",
    "smallest_detectable_auroc",
    "smallest_detectable_binary",
    "smallest_detectable_cluster",
    "smallest_detectable_mean",
    "speed_needed_blocks",
    "speed_p_beyond",
    "speed_p_within",
    "speed_ratio",
    "spent_alpha",
    "spread_upper",
    "standardized",
    "standardized_shared",
    "stopping_chances",
    "tails",
    "tango_interval",
    "throughput_interval",
    "unlabelled_power",
    "wald_interval",
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
