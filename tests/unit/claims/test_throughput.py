from __future__ import annotations

from dataclasses import replace
from types import ModuleType
from typing import Any

import pytest

from quantassay.claims.throughput import frontier_differences, throughput_differences
from quantassay.records.result import Result


@pytest.fixture
def rich(factory: ModuleType) -> Result:
    found: Result = factory.result()
    return found


def with_speed(result: Result, variant: str, **fields: Any) -> Result:
    speeds = tuple(replace(s, **fields) if s.variant == variant else s for s in result.speeds)
    return replace(result, speeds=speeds)


def with_point(result: Result, variant: str, **fields: Any) -> Result:
    (one,) = result.frontiers
    points = tuple(
        replace(point, **fields) if point.variant == variant else point
        for point in one.whole.points
    )
    return replace(result, frontiers=(replace(one, whole=replace(one.whole, points=points)),))


def test_a_result_agrees_with_itself(rich: Result) -> None:
    assert list(throughput_differences(rich)) == []
    assert list(frontier_differences(rich)) == []


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"ratio": 2.5}, "outside of its interval"),
        ({"throughput": 1e9}, "outside of its interval"),
        ({"ratio_interval": (0.7, 2.0)}, "does not begin above the declared speed-up"),
        ({"protocol": "server"}, "offline"),
    ],
)
def test_a_throughput_that_does_not_follow_is_told(
    rich: Result, fields: dict[str, Any], said: str
) -> None:
    found = list(throughput_differences(with_speed(rich, "int8-static", **fields)))
    assert found and all(said in " ".join(each) for each in found)


def test_a_speed_up_that_failed_cannot_stand_beside_a_pass(rich: Result) -> None:
    (speed,) = [each for each in rich.speeds if each.variant == "fp16"]
    assert speed.verdict is not None
    wrong = with_speed(rich, "fp16", verdict=replace(speed.verdict, verdict="fail"))
    said = [" ".join(each) for each in throughput_differences(wrong)]
    assert any("adjusted p 1.0 is above 0.025" in each for each in said)
    assert any("the worst decides" in each for each in said)


def test_a_throughput_measured_elsewhere_has_its_own_protocol(rich: Result) -> None:
    made = with_speed(rich, "fp16", protocol="server", source="trtexec, log.json")
    assert list(throughput_differences(made)) == []


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"speed": 1.21}, "ratio"),
        ({"loss": 0.0}, "loss"),
        ({"speed_interval": (2.0, 3.0)}, "outside of its interval"),
        ({"passes": False}, "does not pass"),
    ],
)
def test_a_frontier_that_says_something_else_is_told(
    rich: Result, fields: dict[str, Any], said: str
) -> None:
    found = list(frontier_differences(with_point(rich, "int8-dynamic", **fields)))
    assert found and any(said in " ".join(each) for each in found)


def test_the_fastest_must_be_on_the_frontier(rich: Result) -> None:
    (one,) = rich.frontiers
    wrong = replace(rich, frontiers=(replace(one, fastest="int2"),))
    assert [each[2] for each in frontier_differences(wrong)] == ["is not on the frontier"]
