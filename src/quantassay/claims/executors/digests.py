"""What identifies an executor: the SHA-256 of its facts, in one canonical spelling."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from quantassay.records.executor import LAYERS, ExecutorSpecification, Fact, LayerName
from quantassay.records.plain import plain


def layer_digest(layer: LayerName, facts: Mapping[str, Fact]) -> str:
    """Return the digest of one layer; circumstances have no part in it."""
    return _digest({"layer": layer, "facts": facts})


def variant_digest(found: ExecutorSpecification, variant: str) -> str:
    """Return the digest of all that made the numbers of one variant, whatever model it ran."""
    return _digest({layer: found.facts(layer, variant) for layer in LAYERS})


def executor_digest(found: ExecutorSpecification) -> str:
    """Return the digest of the machine, of every variant on it, and of what was declared."""
    return _digest(
        {
            "layers": {layer: found.facts(layer) for layer in LAYERS},
            "variants": {
                name: {"digest": variant_digest(found, name), "criterion": one.criterion}
                for name, one in found.variants.items()
            },
        }
    )


def _digest(value: Any) -> str:
    text = json.dumps(plain(value), sort_keys=True, separators=(",", ":"), allow_nan=False)
    return f"sha256:{sha256(text.encode()).hexdigest()}"
