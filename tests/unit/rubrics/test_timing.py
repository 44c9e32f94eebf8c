from __future__ import annotations

import pytest

TIMING = "confidence: 0.95"


def test_what_is_not_said_is_offline_by_the_own_loop(rubrics) -> None:
    timing = rubrics.load((TIMING, "timing: {}")).rubric.timing
    assert (timing.protocol, timing.driver, timing.blocks) == ("offline", "own", None)
    assert (timing.warmup, timing.duration) == (1.0, 5.0)
    assert timing.speedup is None


@pytest.mark.parametrize(
    "written",
    [
        "{protocol: single-stream}",
        "{protocol: multi-stream, streams: 4}",
        "{protocol: server, latency: 15ms}",
        "{protocol: server, latency: 15ms, percentile: 0.9, rate: 100}",
        "{driver: own, saturation: false}",
        "{speedup: 1.5, price: {per_hour: 2, currency: EUR}}",
    ],
)
def test_what_may_be_declared(rubrics, written: str) -> None:
    rubrics.load((TIMING, f"timing: {written}"))


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("{blocks: 9}", "17: timing.blocks: must be at least 10, is 9"),
        ("{pairs: 12}", "17: timing.pairs: unknown key"),
        ("{protocol: server}", "protocol 'server' needs 'latency', such as 'latency: 15ms'"),
        ("{latency: 15ms}", "'latency' belongs to protocol 'server', not to 'offline'"),
        ("{protocol: single-stream, rate: 9}", "'rate' belongs to protocol 'server'"),
        ("{streams: 4}", "'streams' belongs to protocol 'multi-stream', not to 'offline'"),
        ("{protocol: online}", "17: timing.protocol: must be"),
        ("{speedup: 1.0e-320}", "17: timing.speedup: must be at least 0.001"),
        ("{speedup: .nan}", "17: timing.speedup: must be"),
        (
            "{protocol: server, latency: 1ms, rate: 1.0e+308}",
            "17: timing.rate: must be at most 10000000",
        ),
        ("{price: {per_hour: 0, currency: EUR}}", "17: timing.price.per_hour: must be above 0"),
    ],
)
def test_what_may_not(complaint, written: str, said: str) -> None:
    assert said in complaint((TIMING, f"timing: {written}"))
