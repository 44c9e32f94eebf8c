from importlib import import_module

import pytest

from quantassay.errors import PluginError
from quantassay.plugins.installed import installed


def test_what_is_missing_is_named_with_the_extra_that_brings_it():
    with (
        pytest.raises(PluginError) as error,
        installed("engine 'mine'", "torch"),
    ):
        import_module("no_such_package.part")
    assert str(error.value) == (
        "engine 'mine' needs the package 'no_such_package': pip install 'quantassay[torch]'"
    )


def test_what_is_there_and_what_fails_otherwise_are_left_alone():
    with installed("engine 'mine'", "torch"):
        assert import_module("json").dumps(1) == "1"
    with pytest.raises(ZeroDivisionError), installed("engine 'mine'", "torch"):
        _ = 1 / 0
