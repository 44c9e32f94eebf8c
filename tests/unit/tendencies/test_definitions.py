"""The table of tendencies: whole, of one line each, with a unit and a source."""

import pytest

from quantassay.tendencies.definitions import DEFINITIONS, definition, definitions_of, tendency
from quantassay.tendencies.figure import Figure, figure


@pytest.mark.parametrize("one", DEFINITIONS.values(), ids=DEFINITIONS.keys())
def test_each_is_defined_in_a_line(one):
    assert one.definition
    assert "\n" not in one.definition
    assert one.source
    assert one.said in ("higher", "lower")
    assert one.name == one.name.lower().replace(" ", "-")


def test_a_share_stands_behind_the_name_of_its_definition():
    assert definition("pruning-loss-0.3").name == "pruning-loss"
    assert definition("layer-noise-worst").name == "layer-noise-worst"
    with pytest.raises(KeyError):
        definition("sparkle")


def test_definitions_are_given_once_each():
    names = ["pruning-loss-0.3", "layer-noise", "pruning-loss-0.1", "layer-noise"]
    assert sorted(one.name for one in definitions_of(names)) == ["layer-noise", "pruning-loss"]


def test_a_figure_takes_its_unit_from_the_table():
    found = tendency("layer-noise", "int8", Figure(31.5, 640, "values"), "up", "fp32")
    assert (found.value, found.unit, found.n, found.counted) == (31.5, "dB", 640, "values")
    assert (found.of, found.layer, found.against) == ("int8", "up", "fp32")


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_not_finite_is_undefined(value):
    found = figure(value, 3, "values")
    assert (found.value, found.reason) == (None, "it is not a finite number")
