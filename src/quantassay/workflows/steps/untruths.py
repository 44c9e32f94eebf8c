"""What a variant's name says and its file does not bear out."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from quantassay.records.artifacts import Truth
from quantassay.schemes.truth import CHANGED_NOTHING

from .grounds import unchanged
from .kinds import kinds
from .variants import Prepared

WIDTH = re.compile(r"(?:u?int|float|fp|bf|nf|w|q)_?(\d+)", re.IGNORECASE)
KINDS = {"fp64", "fp32", "bf16", "fp16", "fp8", "int8", "int4", "nf4", "fp4", "int2"}
GPTQ = re.compile("gptq", re.IGNORECASE)
NO_LOWER = "nothing runs, or is stored, in lower precision than in"
FULL = {"fp64", "fp32"}
MORE_BITS = 1.25  # times those that the name says
ROUNDED = 0.999  # of GPTQ's weights some 92 % are, even where inputs hardly correlate
MOST = 0.5


def untruths(variants: Mapping[str, Prepared], alike: Collection[str]) -> list[str]:
    """Return a line for each thing that a reader of the variants' names would not expect.

    ``alike`` are those that are the model that they were made from, and ran as that did.
    """
    found = [text for name, one in variants.items() for text in _of(name, one, name in alike)]
    names = list(variants)
    for at, name in enumerate(names):
        found += _alike(variants, name, names[:at])
    return found


def _of(name: str, variant: Prepared, alike: bool) -> Iterator[str]:
    truth = variant.truth
    of = variant.declared.of or "the reference"
    if unchanged(variant.facts()) and not alike:
        yield f"{name}: the same model as {of}: only what it ran in is lower"
        return
    if unchanged(variant.facts()):
        same = truth is None or not truth.changed
        text = "neither operations nor weights differ from" if same else NO_LOWER
        yield f"{name}: {CHANGED_NOTHING + ': ' if same else ''}{text} {of}"
        return
    stored = variant.stored or (truth.stored if truth else "")
    partly = truth is not None and truth.lowered and 0 < truth.layers_low < truth.layers
    wrong = _contradicts(variant.precision, stored) and not (partly and stored in FULL)
    if wrong:
        yield f"{name}: declared as {variant.precision}, but most of its weights are {stored}"
    if truth is None or not truth.lowered:
        if truth is not None and _in_other_words(variant.declared.precision or "", stored):
            yield f"{name}: declared as {variant.precision!r}, yet {NO_LOWER} {of}"
        return
    parts = [*_layers(truth), *([] if wrong else _bits(variant.precision, truth))]
    if parts:
        yield f"{name}: {'; '.join(parts)}"
    if GPTQ.search(_names(name, variant)) and _is_just_rounded(truth):
        yield (
            f"{name}: called GPTQ, yet {percent(truth.nearest_share)} of its quantized weights are "
            f"those of {of} rounded to the nearest value of its own grid: in effect "
            "round-to-nearest"
        )


def _in_other_words(declared: str, stored: str) -> bool:
    """Return whether a declaration names no precision, of a file that is in full precision."""
    return bool(declared) and not kinds(declared) and stored in FULL


def _contradicts(precision: str, stored: str) -> bool:
    """Return whether a name of a precision means another width, or another kind of number."""
    if precision in KINDS and stored in KINDS:
        return precision != stored
    widths = [WIDTH.match(text) for text in (precision, stored)]
    return all(widths) and len({width[1] for width in widths if width}) > 1


def _layers(truth: Truth) -> Iterator[str]:
    """Say which part is in low precision, where it is not all."""
    low, layers = truth.layers_low, truth.layers
    if not 0 < low < layers:
        return
    of = ((truth.low_precision_share, "weights"), (truth.low_macs_share, "multiplications"))
    shares = [f"{percent(part)} of the {what}" for part, what in of if part is not None]
    more = f" ({', '.join(shares)})" if shares else ""
    yield f"only {low} of {layers} layers {'is' if low == 1 else 'are'} in low precision{more}"


def _bits(precision: str, truth: Truth) -> Iterator[str]:
    """Say how many bits a weight takes, where its scales make it many more than named."""
    width, bits = WIDTH.match(precision), truth.bits_per_weight
    if width and bits is not None and bits > MORE_BITS * int(width[1]):
        yield f"{bits:.1f} bits per weight, scales included, not {width[1]}"


def _names(name: str, variant: Prepared) -> str:
    """Return all words that tell by which scheme a variant was made."""
    declared = variant.declared
    told = [name, declared.scheme, declared.model, variant.precision]
    made = variant.artifact.version if variant.artifact else ""
    return " ".join(str(word) for word in (*told, *declared.options.values(), made) if word)


def _is_just_rounded(truth: Truth) -> bool:
    share, compared = truth.nearest_share, truth.compared
    return share is not None and share >= ROUNDED and (compared or 0) >= MOST


def _alike(variants: Mapping[str, Prepared], name: str, earlier: Sequence[str]) -> Iterator[str]:
    """Say of which variant above this one is the same, or in effect the same."""
    own = variants[name]
    truth = own.truth or Truth(changed=True, summary="")
    meant = {other for other in earlier if _same_elsewhere(own, variants[other])}
    same = next((other for other in earlier if other in truth.same_as and other not in meant), None)
    near = next((other for other in earlier if other in truth.near), None)
    if same is not None:
        bytewise = own.source == variants[same].source
        how = "byte for byte" if bytewise else "in all operations and weights"
        yield f"{name}: the same model as {same}, {how}: two names for one result"
    elif near is not None:
        part = truth.near[near]
        differ = "none" if not part else f"only {percent(part)}"
        yield f"{name}: {differ} of its quantized weights differ from those of {near}"


def _same_elsewhere(one: Prepared, other: Prepared) -> bool:
    """Return whether two variants are declared to be one model that is run in two ways."""
    sides = [it.declared for it in (one, other)]
    first, second = ((it.model, it.scheme, it.options, it.calibration) for it in sides)
    run = (one.engine, one.engine_options) == (other.engine, other.engine_options)
    return first == second and not run


def percent(share: float | None) -> str:
    """Write a share so that only all of it is 100 %, and only nothing 0 %.

    Examples
    --------
    >>> percent(1.0), percent(0.99999999), percent(0.4567), percent(5.6e-7), percent(0.0)
    ('100 %', 'over 99.9999 %', '45.7 %', '0.000056 %', '0 %')
    """
    if share is None:
        return "an unknown share"
    if share > 0.9:
        text = f"{100 * share:.4f}".rstrip("0").rstrip(".")
        return "over 99.9999 %" if share < 1 and text == "100" else f"{text} %"
    value = 100 * share
    if value >= 1 or not value:
        return f"{value:.3g} %"
    return f"{value:.8f}".rstrip("0").rstrip(".") + " %" if value > 1e-8 else "under 1e-8 %"
