"""Whether the executor of a claim agrees with what else the claim tells of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from quantassay.records.executor import ExecutorSpecification, Fact

from ..differences import Difference, differences
from ..schema import Claim, VariantClaim
from .machine import machine_layers
from .reading import specified, wrong_digests
from .variants import variant_layers

NOTHING = "not in the claim"
#: what a machine says of itself is kept to one line of this length
LONGEST = 120


def executor_differences(claim: Claim) -> Iterator[Difference]:
    """Yield digests that are not of their facts, and facts that the claim tells otherwise."""
    told = claim.get("executor_specification")
    if told is None:
        return
    for place, digest, found in wrong_digests(told):
        yield f"digest of {place or 'the whole'}", digest, found
    stated = specified(told)
    for layer, facts in machine_layers(claim["executor"], claim["quantassay"]).items():
        yield from _differences(stated.facts(layer), facts.facts, layer)
    told_of = {one["name"]: one for one in [claim["reference"], *claim["candidates"].values()]}
    for one in told_of.values():
        yield from _variant(stated, one)
    for name in stated.variants:
        if name not in told_of:
            yield name, "a variant", NOTHING


def _variant(stated: ExecutorSpecification, one: VariantClaim) -> Iterator[Difference]:
    name = one["name"]
    if name not in stated.variants:
        yield name, NOTHING, "a variant of the claim"
        return
    artifact = one["artifact"].digest if one["artifact"] else None
    yield from differences(stated.variants[name].artifact, artifact, f"{name}, model file")
    yield from differences(stated.variants[name].precision, one["precision"], f"{name}, precision")
    if one["execution"] is not None:
        for layer, facts in variant_layers(one["execution"]).items():
            yield from _differences(stated.facts(layer, name), facts.facts, f"{name}, {layer}")


def _differences(
    stated: Mapping[str, Fact], recorded: Mapping[str, Fact], where: str
) -> Iterator[Difference]:
    """Compare those facts that both parts of a claim tell, as lines of the length of a fact."""
    told = {name: _line(stated.get(name, NOTHING)) for name in recorded}
    yield from differences(told, {name: _line(v) for name, v in recorded.items()}, where)


def _line(value: Fact) -> Fact:
    if isinstance(value, tuple):
        return tuple(_cut(each) for each in value)
    return _cut(value) if isinstance(value, str) else value


def _cut(text: str) -> str:
    return " ".join(text.split())[:LONGEST].strip()
