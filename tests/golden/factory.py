"""A rich, made-up result: every part of a report has something to say about it."""

from __future__ import annotations

from dataclasses import replace
from math import sqrt
from pathlib import Path

from quantassay.records.artifacts import Artifact, CalibrationFacts, Truth, VariantFacts
from quantassay.records.cells import Agreement, CandidateVerdict, Cell, Comparison, Verdict
from quantassay.records.executor import EngineUse, Machine, PrecisionUse
from quantassay.records.frontier import Frontier, Point, StratumFrontier
from quantassay.records.result import Amendment, MetricFacts, NoiseFloor, Result, TestSet
from quantassay.records.speed import (
    Conditions,
    Percentile,
    Sameness,
    Saturation,
    Speed,
    SpeedVerdict,
    Warmup,
)
from quantassay.verdicts.triple import triples

SCRIPT = "<script>alert(1)</script>"
DIGITS = tuple(str(digit) for digit in range(10))
N = 898

METRICS = (
    MetricFacts(
        "top1", "share of samples whose first answer is the target", "standard", True, "binary",
        "fraction",
    ),
    MetricFacts("f1", "macro F1 over classes", "van Rijsbergen 1979", True, "ratio", "fraction"),
    MetricFacts(
        "brier", "mean squared distance of probabilities to the target", "Brier 1950", False,
        "mean, cap 2", "",
    ),
    MetricFacts("nll", "mean -log p(target), clipped at 10", "Good 1952", False, "mean", "nats"),
    MetricFacts(
        "ece", "expected calibration error, 15 equal-width bins", "Guo et al. 2017", False,
        "described: its plug-in difference is biased", "fraction",
    ),
)  # fmt: skip


def binary(
    candidate: str,
    stratum: dict[str, str],
    n: int,
    losses: int,
    gains: int,
    margin: float | None,
    *,
    reference: str = "fp32",
    critical: bool = False,
    watch: bool = False,
) -> Cell:
    """A top-1 cell with a plausible (not exact) interval and the verdict that follows from it."""
    loss = (losses - gains) / n
    half = 2.1 * sqrt(losses + gains + 2) / n
    low, high = loss - half, loss + half
    verdict, reason = _judge(low, high, n, margin)
    return Cell(
        candidate=candidate,
        reference=reference,
        metric="top1",
        stratum=stratum,
        role="described" if margin is None else "watch" if watch else "gate",
        n=n,
        reference_value=0.976,
        candidate_value=0.976 - loss,
        delta=-loss,
        loss=loss,
        interval=(low, high),
        method="paired binary, E+M",
        losses=losses,
        gains=gains,
        margin=margin,
        p_within=None if margin is None else 0.012 if verdict == "pass" else 0.4213,
        p_beyond_adjusted=None if margin is None else 3e-7 if verdict == "fail" else 1.0,
        verdict=verdict,
        reason=reason,
        smallest_detectable=1.4 * half,
        needed_n=4 * n if verdict == "inconclusive" else None,
        floor_n=None if margin is None else round(3.69 / margin),
        critical=critical,
    )


def _judge(low: float, high: float, n: int, margin: float | None) -> tuple[Verdict | None, str]:
    if margin is None:
        return None, "no margin was declared"
    if low > margin:
        return "fail", "loss beyond the margin, Holm-adjusted over 12 gate cells"
    if n * margin < 3.69:
        return "insufficient", "fewer samples than any PASS needs"
    if high < margin:
        return "pass", "the upper end of the interval is below the margin"
    return "inconclusive", "the interval holds the margin"


def mean(candidate: str, metric: str, value: float, loss: float, half: float) -> Cell:
    """A cell of a per-sample mean over the whole test set, described only."""
    up = metric == "f1"
    return Cell(
        candidate, "fp32", metric, {}, "described", N, value, value - loss if up else value + loss,
        -loss if up else loss, loss, (loss - half, loss + half), "t+w, w = 2", None, None, None,
        None, None, None, "no margin was declared", smallest_detectable=1.3 * half,
    )  # fmt: skip


def described(candidate: str) -> Cell:
    """A cell without an interval."""
    return Cell(
        candidate, "fp32", "ece", {}, "described", N, 0.0121, 0.0193, 0.0072, 0.0072, None,
        "plug-in", None, None, None, None, None, None, "described only: the difference is biased",
    )  # fmt: skip


def undefined(candidate: str) -> Cell:
    """A cell in which nothing is defined."""
    return Cell(
        candidate, "fp32", "f1", {"digit": "none"}, "gate", 0, None, None, None, None, None,
        "jackknife", None, None, 0.05, None, None, "insufficient", "no sample has this stratum",
        floor_n=72,
    )  # fmt: skip


#: losses and gains overall, then on digit 8
CANDIDATES = {
    "fp16": ((1, 1), (0, 0)),
    "int8-dynamic": ((6, 5), (2, 1)),
    "int8-static": ((24, 5), (21, 0)),
    "int8-poor": ((210, 4), (62, 0)),
}


def cells(candidate: str, reference: str = "fp32") -> list[Cell]:
    """Every cell of one candidate."""
    (losses, gains), (worst, back) = CANDIDATES[candidate]
    found = [binary(candidate, {}, N, losses, gains, 0.02, reference=reference)]
    each = max(0, losses - worst) // 9
    for digit in DIGITS:
        b, c = (worst, back) if digit == "8" else (each, gains // 9)
        found.append(binary(candidate, {"digit": digit}, 88 + int(digit) % 3, b, c, 0.10))
    found.append(binary(candidate, {"rare": "rare"}, 176, worst + each, 0, 0.05, critical=True))
    found.append(binary(candidate, {"writer": SCRIPT}, 31, 1, 1, None))
    found.append(binary(candidate, {"writer": 'O"Hara | & sons'}, 30, 2, 0, 0.10, watch=True))
    scale = (losses - gains) / N
    found += [
        mean(candidate, "f1", 0.9757, scale * 1.02, 0.009),
        mean(candidate, "brier", 0.0372, scale * 1.3, 0.0061),
        mean(candidate, "nll", 0.0841, scale * 4.1, 0.0213),
        described(candidate),
    ]
    return found


def comparison() -> Comparison:
    """Four candidates against fp32: pass, inconclusive, fail, and a failure that does not gate."""
    every = {name: cells(name) for name in CANDIDATES}
    return Comparison(
        reference="fp32",
        confidence=0.95,
        verdict="fail",
        candidates={name: _ruling(name, found) for name, found in every.items()},
        cells=tuple(cell for found in every.values() for cell in found),
        agreements=(
            *(_agreement(name, *CANDIDATES[name][0]) for name in CANDIDATES),
            Agreement(
                "fp16", "kl", {}, N, 0.000021, (0.00001, 0.00004), "nats", "KL to the reference"
            ),
            Agreement("int8-poor", "kl", {"digit": "none"}, 0, None, None, "nats", "KL"),
        ),
        findings=("int8-static: 4 answers differ although top-1 confidence rose.",),
    )


def _ruling(name: str, found: list[Cell]) -> CandidateVerdict:
    gates = [cell for cell in found if cell.role == "gate"]
    for verdict in ("fail", "insufficient", "inconclusive"):
        bad = tuple(cell for cell in gates if cell.verdict == verdict)
        if bad:
            return CandidateVerdict(
                verdict,
                f"{len(bad)} of {len(gates)} gate cells: {bad[0].reason}",
                gate=name != "int8-poor",
                uncovered=("writer",),
                deciding=tuple(_label(cell) for cell in bad),
            )
    return CandidateVerdict("pass", f"all {len(gates)} gate cells pass", uncovered=("writer",))


def _label(cell: Cell) -> str:
    label = ", ".join(f"{key}={value}" for key, value in cell.stratum.items())
    return f"{cell.metric} @ {label}" if label else cell.metric


def _agreement(name: str, losses: int, gains: int) -> Agreement:
    share = (losses + gains) / N
    return Agreement(
        name, "answer_changes", {}, N, share, (share * 0.8, share * 1.2 + 0.004), "fraction",
        "share of samples whose first answer differs",
    )  # fmt: skip


def _speed(variant: str, ratio: float | None, size: int) -> Speed:
    throughput = 11_842.3 * (ratio or 1.0)
    batch, own = 64 / throughput, ratio is None
    return Speed(
        variant=variant,
        protocol="offline",
        throughput=throughput,
        throughput_interval=(throughput * 0.98, throughput * 1.02),
        latencies=(
            Percentile(0.5, batch, (batch * 0.98, batch * 1.02)),
            Percentile(0.9, batch * 1.2, (batch * 1.1, batch * 1.4)),
            Percentile(0.99, batch * 1.9, None),
        ),
        ratio=ratio,
        ratio_interval=None if ratio is None else (ratio * 0.97, ratio * 1.04),
        blocks=24,
        queries=312,
        batch=64,
        confidence=0.95,
        method="t on log ratios inside randomized blocks",
        load_seconds=0.021,
        artifact_bytes=size,
        peak_memory=None if own else 61_341_696,
        memory_note="the peak could not be told from the process" if own else "",
        energy=0.0000413 if variant == "int8-static" else None,
        energy_note="" if variant == "int8-static" else "no counter of the processor can be read",
        warmup=Warmup(0.31, 42, steady=variant != "int8-dynamic"),
        saturation=Saturation((1, 8, 64), (2e3, 9e3, 1.18e4), None if own else 8, ""),
        same_outputs=_sameness(variant),
        verdict=None if own else _speed_verdict(ratio),
    )


def _sameness(variant: str) -> Sameness:
    if variant == "int8-dynamic":
        return Sameness(N, 3, 0.0125, "in queries of 64 samples, as in the accuracy pass")
    return Sameness(N, 0, 0.0, "in queries of 64 samples, as in the accuracy pass")


def _speed_verdict(ratio: float | None) -> SpeedVerdict:
    """The verdict on a speed-up of 0.75, which all candidates reach."""
    assert ratio is not None and ratio * 0.97 > 0.75
    reason = "the lower end of the interval is above the declared speed-up"
    return SpeedVerdict(0.75, "pass", reason, 0.0001, 1.0)


def _conditions() -> Conditions:
    return Conditions(
        protocol="offline",
        driver="own loop",
        timed="a call of the model with inputs in memory, until its outputs are there; nothing "
        "else",
        blocks=24,
        seconds=31.4,
        loading_seconds=0.0123,
        samples=N,
        drift=(0.98, 1.01, 1.04),
        other_load=(0.12, 0.9),
        facts={
            "Frequency": "2.45 GHz before, 2.44 GHz after",
            "Throttling": "not available: no counter can be read",
        },
    )


SIZES = {
    "fp32": 268_120,
    "fp16": 135_240,
    "int8-dynamic": 71_018,
    "int8-static": 73_902,
    "int8-poor": 73_902,
}
RATIOS = {"fp32": None, "fp16": 0.81, "int8-dynamic": 1.22, "int8-static": 1.86, "int8-poor": 1.88}


DOMINATED = {"fp16": (("fp32",), 0.0004)}


def _point(name: str, stratum: dict[str, str]) -> Point:
    """A variant at its throughput, its loss that of the cell, in a rectangle a bit wider."""
    if name == "fp32":
        return Point(name, "fp32", 1.0, None, 0.0, None, None, True, cost=12.4)
    cell = next(c for c in cells(name) if c.stratum == stratum and c.metric == "top1")
    ratio, (low, high) = RATIOS[name] or 1.0, cell.interval or (0.0, 0.0)
    verdict = _ruling(name, cells(name)).verdict if not stratum else cell.verdict
    by, p = DOMINATED.get(name, ((), None))
    cost = 12.4 / ratio
    return Point(
        variant=name,
        precision=name.split("-")[0],
        speed=ratio,
        speed_interval=(ratio * 0.96, ratio * 1.05),
        loss=cell.loss,
        loss_interval=(low - 0.002, high + 0.002),
        verdict=verdict,
        passes=verdict == "pass",
        dominated_by=() if stratum else by,
        p_dominated=None if stratum else p,
        cost=None if stratum else cost,
        cost_interval=None if stratum else (cost * 0.95, cost * 1.06),
    )


def _part(stratum: dict[str, str], margin: float) -> StratumFrontier:
    points = tuple(_point(name, stratum) for name in SIZES)
    passing = [p for p in points if p.passes and p.variant not in {"fp32", "int8-poor"}]
    best = max(passing, key=lambda p: p.speed or 0.0) if passing else None
    reason = "" if best else "no candidate passes there"
    return StratumFrontier(stratum, margin, points, best and best.variant, reason)


def frontier() -> Frontier:
    """Five variants on the frontier of top1; on digit 3 another is the fastest that passes."""
    return Frontier(
        metric="top1",
        confidence=0.95,
        reference="fp32",
        candidates=3,
        whole=_part({}, 0.02),
        strata=(
            *(_part({"digit": digit}, 0.10) for digit in DIGITS),
            _part({"rare": "rare"}, 0.05),
        ),
        fastest="int8-dynamic",
        reason="",
        guarantee="familywise error at most .025 over 3 candidates",
        cost_unit="s of the executor",
        cost_note="No price was declared.",
        method="t on log ratios inside blocks; loss: that of each cell",
    )


def _variant(name: str) -> VariantFacts:
    static = name in {"int8-static", "int8-poor"}
    calibration = None
    if static:
        poor = name == "int8-poor"
        calibration = CalibrationFacts(
            "ones-only" if poor else "train-256", "train.parquet", "minmax" if poor else "entropy",
            64 if poor else 256, 899, 2026, "sha256:77ab01", {"1": 64} if poor else {}, 0,
            3 if poor else 0,
        )  # fmt: skip
    return VariantFacts(
        name=name,
        origin="model.onnx" if name == "fp32" else "made from fp32",
        scheme=None if name == "fp32" else f"onnxruntime-{name.removeprefix('int8-')}",
        precision=name.split("-")[0],
        gate=name != "int8-poor",
        artifact=Artifact(Path(f"{name}.onnx"), f"sha256:{len(name)}d41c", SIZES[name]),
        truth=_truth(name),
        calibration=calibration,
        engine="onnxruntime 1.20",
        failed=2 if name == "int8-poor" else 0,
        failed_ids=("img-0017", SCRIPT) if name == "int8-poor" else (),
    )


def _truth(name: str) -> Truth | None:
    if name == "fp32":
        return None
    if name == "int8-dynamic":
        return Truth(
            False, "neither an operation nor a weight differs from fp32.", {}, {}, 0, 66634
        )
    return Truth(
        True, "2 convolutions and 1 matrix product quantized",
        {"QuantizeLinear": 6, "DequantizeLinear": 11}, {}, 3, 3, 0.994, 8.1, stored="int8",
        layers_low=2, layers=3, low_macs_share=0.981, bytes=SIZES[name], source_bytes=SIZES["fp32"],
        nearest_share=None if name == "fp16" else 1.0, compared=None if name == "fp16" else 1.0,
    )  # fmt: skip


def result() -> Result:
    """The whole made-up run."""
    other = [
        replace(cell, reference="fp16", loss=cell.loss and cell.loss - 0.0011)
        for name in CANDIDATES
        if name != "fp16"
        for cell in cells(name)
        if not cell.stratum
    ]
    against = comparison()
    return Result(
        rubric="digits-int8/1",
        rubric_digest="sha256:9f2c51d0",
        made="2026-03-04T10:15:00Z",
        quantassay="0.1.0",
        test_set=TestSet(
            "handwritten-digits",
            "test.parquet",
            "sha256:0c11aa",
            N,
            "in-domain",
            "unknown",
            {"digit": {d: 88 + int(d) % 3 for d in DIGITS}, "writer": {SCRIPT: 31}},
        ),
        metrics=METRICS,
        comparison=against,
        variants=tuple(_variant(name) for name in SIZES),
        others=(replace(against, reference="fp16", cells=tuple(other), candidates={}),),
        noise_floor=NoiseFloor(N, 0, 0, (0.0, 0.0041), 0.95, True),
        speeds=tuple(_speed(name, RATIOS[name], SIZES[name]) for name in SIZES),
        machine=Machine(
            "AMD EPYC 7763",
            "x86_64",
            ("avx2", "fma", "f16c"),
            64,
            2,
            16_777_216_000,
            8_388_608_000,
            "Debian GNU/Linux 12",
            "6.1.0",
            "3.11.7",
            {"onnxruntime": "1.20.1", "numpy": "2.1.0"},
        ),
        engines={name: _use(name) for name in SIZES},
        disclosures={
            "task": "handwritten-digits, 898 samples",
            "calibration data": "train-256 of train.parquet",
            "confidence intervals": "nominal 95 % two-sided",
            "pruning": None,
            "out-of-distribution strata": None,
        },
        amendments=(Amendment("2026-03-04T09:58:11Z", "metrics.top1.margin", "0.01", "0.02"),),
        looks=2,
        findings=("The calibration set of int8-poor holds one digit only.",),
        reproduce="quantassay run examples/digits/assay.yaml --out runs/digits",
        conditions=_conditions(),
        frontiers=(frontier(),),
        triples=triples(against),
    )


def _use(name: str) -> EngineUse:
    uses = {
        "fp16": PrecisionUse("Conv", "float16", 2, "emulated", "cast to float32 in the profile"),
        "int8-static": PrecisionUse("QLinearConv", "int8", 2, "native", "fused in the graph"),
        "int8-poor": PrecisionUse("QLinearConv", "int8", 2, "unknown", "no VNNI; not profiled"),
    }
    found = (uses[name],) if name in uses else ()
    return EngineUse("onnxruntime", "1.20.1", "CPUExecutionProvider", 2, "all", found)


def wide(strata: int, margin: float | None = 0.10) -> Result:
    """A result whose one candidate has very many strata."""
    base = result()
    found = [binary("int8-static", {}, 50 * strata, 30, 10, 0.02)]
    found += [
        binary("int8-static", {"class": f"class-{i:05d}"}, 50, i % 7, i % 3, margin)
        for i in range(strata)
    ]
    gates = [cell for cell in found if cell.role == "gate" and cell.verdict != "pass"]
    verdict: Verdict = "inconclusive" if gates else "pass"
    return replace(
        base,
        others=(),
        comparison=Comparison(
            "fp32",
            0.95,
            verdict,
            {
                "int8-static": CandidateVerdict(
                    verdict,
                    f"{len(gates)} gate cells: {verdict}",
                    deciding=tuple(_label(cell) for cell in gates),
                    uncovered=() if margin else tuple(_label(cell) for cell in found[1:]),
                )
            },
            tuple(found),
        ),
    )


def passing() -> Result:
    """A result in which everything that gates passes."""
    base = result()
    found = tuple(binary("fp16", {}, N, 1, 1, 0.02) for _ in range(1))
    return replace(
        base,
        comparison=Comparison(
            "fp32", 0.95, "pass",
            {"fp16": CandidateVerdict("pass", "all 1 gate cells pass", uncovered=("digit",))},
            found,
        ),
        others=(), amendments=(), looks=1, findings=(),
    )  # fmt: skip


#: precision, throughput ratio and loss of many candidates, some nearly alike
CROWD = {
    "bf16": ("bf16", 1.05, 0.0),
    "fp16-emulated": ("fp16", 0.62, 0.0001),
    "int8-static-per-channel": ("int8", 1.86, 0.003),
    "int8-static-per-tensor": ("int8", 1.9, 0.004),
    "int8-dynamic": ("int8", 1.22, 0.001),
    "int4-awq-group-128": ("int4", 2.4, 0.011),
    "int4-rtn": ("int4", 2.41, 0.045),
    "w4a16-gptq": ("int4", 2.38, 0.0125),
}


def crowded() -> Result:
    """A result with eight candidates in four precisions on its frontier."""
    points = tuple(_crowd_point(name, *facts) for name, facts in CROWD.items())
    own = Point("fp32", "fp32", 1.0, (1.0, 1.0), 0.0, (0.0, 0.0), None, False)
    fastest = "int8-static-per-tensor"
    whole = StratumFrontier({}, 0.02, (own, *points), fastest, "")
    one = replace(frontier(), candidates=8, whole=whole, strata=(), fastest=fastest)
    return replace(result(), frontiers=(one,))


def _crowd_point(name: str, precision: str, ratio: float, loss: float) -> Point:
    verdict: Verdict = "fail" if loss > 0.03 else "inconclusive" if loss > 0.01 else "pass"
    slow = name == "fp16-emulated"
    return Point(
        name, precision, ratio, (ratio * 0.95, ratio * 1.05), loss, (loss - 0.006, loss + 0.007),
        verdict, verdict == "pass", ("int8-dynamic",) if slow else (), 0.001 if slow else 1.0,
    )  # fmt: skip
