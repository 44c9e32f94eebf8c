"""The precision that words name, however they spell it."""

from __future__ import annotations

import re

BITS = {
    "fp64": 64, "fp32": 32, "tf32": 19, "fp16": 16, "bf16": 16, "int16": 16, "fp8": 8, "int8": 8,
    "int6": 6, "int5": 5, "fp4": 4, "nf4": 4, "int4": 4, "int3": 3, "int2": 2,
}  # fmt: skip
SPELLED = {
    "f64": "fp64", "float64": "fp64", "doubleprecision": "fp64", "f32": "fp32", "float32": "fp32",
    "float": "fp32", "fullprecision": "fp32", "singleprecision": "fp32", "f16": "fp16",
    "float16": "fp16", "half": "fp16", "halfprecision": "fp16", "bfloat16": "bf16", "f8": "fp8",
    "float8": "fp8", "i8": "int8", "u8": "int8", "uint8": "int8", "i4": "int4", "u4": "int4",
    "uint4": "int4",
}  # fmt: skip
WIDTH_APART = re.compile(r"(?<=[a-z])[\s_-]+(?=\d+\b)")
BEFORE_PRECISION = re.compile(r"[\s_-]+(?=precision\b)")
WORD = re.compile(r"[a-z0-9]+")


def kinds(words: str) -> set[str]:
    """Return every precision that some words name.

    Examples
    --------
    >>> kinds("FP-32"), kinds("full precision"), kinds("minilm_f16"), kinds("as published")
    ({'fp32'}, {'fp32'}, {'fp16'}, set())
    >>> sorted(kinds("int8 weights, fp16 inside"))
    ['fp16', 'int8']
    """
    text = BEFORE_PRECISION.sub("", WIDTH_APART.sub("", words.lower()))
    named = (SPELLED.get(word, word) for word in WORD.findall(text))
    return {word for word in named if word in BITS}


def said(name: str, precision: str) -> set[str]:
    """Return the precisions that a variant is said to be, by its name and by what is declared.

    Words that name several describe a mixture: nothing simple is said then.
    """
    told = [kinds(precision), kinds(name)]
    if len(told[0]) > 1:
        return set()
    return set().union(*(one for one in told if len(one) == 1))
